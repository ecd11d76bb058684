import { expect, test } from 'vitest'
import { didYouMean, nearNames } from '../../src/errors/index.js'

test('the nearest first, ties by name, at most three', () => {
  expect(nearNames('matmul', ['matnul', 'matmull', 'matmu', 'softmax', 'MatMul'])).toEqual([
    'MatMul',
    'matmu',
    'matmull',
  ])
})

test('nothing near is nothing', () => {
  expect(nearNames('matmul', ['softmax', 'gather'])).toEqual([])
  expect(didYouMean('matmul', [])).toBe('')
})

test('no name at all is near nothing', () => {
  expect(nearNames('', ['a', 'matmul', 'softmax'])).toEqual([])
  expect(nearNames('matmul', ['', 'matmul2'])).toEqual(['matmul2'])
})

test.each([
  [['matmu'], 'did you mean matmu?'],
  [['matmu', 'matmull'], 'did you mean matmu or matmull?'],
  [['matmu', 'matmull', 'matmulx'], 'did you mean matmu, matmull or matmulx?'],
])('%j reads well', (names, question) => {
  expect(didYouMean('matmul', names)).toBe(question)
})
