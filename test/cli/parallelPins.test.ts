import { expect, test } from 'vitest'
import { parsePins } from '../../src/cli/openParallel.js'
import { run } from './run.js'

test('pins are read by name, whatever their case', () => {
  expect(parsePins(['tp=8', 'zerostage=1', 'recompute=full', 'offload=true', 'schedule=ZB1P'])).toEqual({
    tp: 8,
    zeroStage: 1,
    recompute: 'full',
    offload: true,
    schedule: 'zb-h1',
  })
})

test.each([
  [['tp=2', 'tp=4'], /tp is pinned twice/],
  [['tp=banana'], /banana is no tp/],
  [['zeroStage=9'], /9 is no zeroStage/],
  [['tpp=2'], /there is no pin tpp/],
  [['recompute=ful'], /ful is no recompute/],
])('%j is refused', (pins, message) => {
  expect(() => parsePins(pins)).toThrow(message)
})

test('a graph of ops has no degrees to choose', () => {
  const { status, stderr } = run('stowage', ['plan', 'fixtures/gpt2-small.onnx', '-c', 'h100x4', '--batch', '8'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/is a onnx, not a model description/)
  expect(stderr).toContain('leave --batch out')
})
