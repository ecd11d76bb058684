import { expect, test } from 'vitest'
import { formatBytes, formatCount, formatSeconds } from '../../src/errors/index.js'

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [0.5, '0.5 B'],
  [1023, '1023 B'],
  [1024, '1.000 KiB'],
  [1536, '1.500 KiB'],
  [80e9, '74.51 GiB'],
  [-1536, '-1.500 KiB'],
  [1e18, '888.2 PiB'],
  [2 ** 70, '1024 EiB'],
  [Number.POSITIVE_INFINITY, 'unlimited'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, '0 s'],
  [1, '1.000 s'],
  [0.00123, '1.230 ms'],
  [1.5e-7, '150.0 ns'],
  [1e-12, '0.001 ns'],
  [12345, '12345 s'],
  [-0.002, '-2.000 ms'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.000 k'],
  [124_439_808, '124.4 M'],
  [3.2e18, '3.200 E'],
])('a count of %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})
