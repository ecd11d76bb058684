import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors/index.js'
import { parseJson } from '../../src/formats/json.js'
import { opGraphWarnings, readOpGraph } from '../../src/formats/opGraph.js'
import { bytesSource } from '../../src/formats/source.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'

const diamond = readFileSync(new URL('../../fixtures/diamond.json', import.meta.url), 'utf8')

function problemsOf(document: unknown) {
  try {
    readOpGraph(document, 'g.json')
  } catch (error) {
    if (error instanceof UserError) return error.problems
    throw error
  }
  throw new Error('was accepted')
}

describe('readOpGraph', () => {
  test('hands over what the file says, and ignores keys it does not know', () => {
    const op = { name: 'a', type: 'Op', seconds: { x: 1 }, color: 'red' }
    const edge = { from: 'a', to: 'b', weight: [1] }
    expect(readOpGraph({ ops: [op], edges: [edge], version: 7 }, 'g.json')).toEqual({
      name: 'g.json',
      ops: [op],
      edges: [edge],
      parameters: [],
    })
  })

  test('keys that nobody reads are told once each', () => {
    const document = {
      ops: [
        { name: 'a', type: 'Op', inputs: ['b.out'], outputs: [{ name: 'a.out', bytes: 1 }] },
        { name: 'b', type: 'Op', inputs: [], flop: 7 },
      ],
      edges: [{ from: 'a', to: 'b', outputs: 'a.out' }],
      parameters: [{ name: 'w', shape: [1], dtype: 'fp32', op: 'a', reader: [] }],
    }
    expect(opGraphWarnings(document, 'g.json')).toEqual([
      'g.json#/ops/0/inputs (and 1 more) is no key of ops and is ignored: edges connect ops',
      'g.json#/ops/1/flop is no key of ops and is ignored: did you mean flops or matrixFlops?',
      'g.json#/edges/0/outputs is no key of edges and is ignored: did you mean output?',
      'g.json#/parameters/0/reader is no key of parameters and is ignored: did you mean readers?',
    ])
    expect(opGraphWarnings(JSON.parse(diamond), 'g.json')).toEqual([])
    const kinds = { ops: [Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 0]))] }
    expect(opGraphWarnings(kinds, 'g.json')).toHaveLength(20)
  })

  test('a list of parameters alone is a graph', () => {
    const parameters = [{ name: 'w', shape: [2, 3], dtype: 'fp32' }]
    expect(readOpGraph({ name: 'p', parameters }, 'g.json')).toMatchObject({ ops: [], edges: [], parameters })
  })

  const wrongOp = (more: object) => ({
    ops: [
      { name: 'ok', type: 'Op' },
      { name: 'a', type: 'Op', ...more },
    ],
  })
  test.each([
    ['a document that is no object', [], '', 'an object'],
    ['a text', 'x', '', 'an object'],
    ['ops that are no list', { ops: {} }, '/ops', 'a list'],
    ['edges that are no list', { edges: 1 }, '/edges', 'a list'],
    ['a name that is no string', { name: 1 }, '/name', 'a string'],
    ['an op that is no object', { ops: [null] }, '/ops/0', 'an object'],
    ['an op without name', { ops: [{ type: 'Op' }] }, '/ops/0/name', 'a string'],
    ['an op without type', { ops: [{ name: 'a' }] }, '/ops/0/type', 'a string'],
    ['seconds as text', wrongOp({ seconds: '1' }), '/ops/1/seconds', 'an object'],
    ['seconds of nothing', wrongOp({ seconds: null }), '/ops/1/seconds', 'an object'],
    ['a list of seconds', wrongOp({ seconds: [1] }), '/ops/1/seconds', 'an object'],
    ['seconds by kind as text', wrongOp({ seconds: { x: '1' } }), '/ops/1/seconds/x', 'a number'],
    ['FLOPs as text', wrongOp({ flops: '1e9' }), '/ops/1/flops', 'a number'],
    ['bytes of nothing', wrongOp({ parameterBytes: null }), '/ops/1/parameterBytes', 'a number'],
    ['an unknown phase', wrongOp({ phase: 'sideways' }), '/ops/1/phase', 'one of forward, backward, optimizer'],
    ['device kinds as text', wrongOp({ deviceKinds: 'x' }), '/ops/1/deviceKinds', 'a list'],
    ['a group that is a number', wrongOp({ colocationGroup: 1 }), '/ops/1/colocationGroup', 'a string'],
    ['outputs of nothing', wrongOp({ outputs: null }), '/ops/1/outputs', 'a list'],
    ['an output without name', wrongOp({ outputs: [{ bytes: 1 }] }), '/ops/1/outputs/0/name', 'a string'],
    ['an output without bytes', wrongOp({ outputs: [{ name: 't' }] }), '/ops/1/outputs/0/bytes', 'a number'],
    [
      'a shape with holes',
      wrongOp({ outputs: [{ name: 't', bytes: 1, shape: [1, null] }] }),
      '/ops/1/outputs/0/shape',
      'whole numbers from 0',
    ],
    [
      'a negative dimension',
      wrongOp({ outputs: [{ name: 't', bytes: 1, shape: [-1] }] }),
      '/ops/1/outputs/0/shape',
      'whole numbers from 0',
    ],
    [
      'an alias of a number',
      wrongOp({ outputs: [{ name: 't', bytes: 1, aliasOf: 3 }] }),
      '/ops/1/outputs/0/aliasOf',
      'a string',
    ],
    ['an edge from nowhere', { edges: [{ to: 'a' }] }, '/edges/0/from', 'a string'],
    ['an edge to a number', { edges: [{ from: 'a', to: 1 }] }, '/edges/0/to', 'a string'],
    ['bytes of an edge as text', { edges: [{ from: 'a', to: 'b', bytes: '1' }] }, '/edges/0/bytes', 'a number'],
    ['a parameter without shape', { parameters: [{ name: 'w', dtype: 'fp32' }] }, '/parameters/0/shape', 'a list'],
    ['a parameter without type', { parameters: [{ name: 'w', shape: [] }] }, '/parameters/0/dtype', 'a string'],
  ])('E105: %s', (_what, document, pointer, expected) => {
    expect(problemsOf(document)[0]).toMatchObject({ code: 'E105', where: `g.json#${pointer}`, expected })
  })

  test('tells all that is wrong, with a limit', () => {
    const problems = problemsOf({ ops: Array.from({ length: 100 }, () => ({ name: 1, type: 'Op', flops: '' })) })
    expect(problems).toHaveLength(21)
    expect(problems.at(-1)!.message).toBe('and 180 more problems')
  })

  test('shows what it found, not all of it', () => {
    const [{ found }] = problemsOf({ ops: [{ name: 'a', type: ['x'.repeat(1e6)] }] })
    expect(found!.length).toBeLessThan(100)
  })

  test('a value nested 100,000 deep where none belongs is a user error like any other', () => {
    const deep = parseJson(`{"ops":[{"name":${'['.repeat(100_000)}${']'.repeat(100_000)},"type":"Op"}]}`, 'g.json')
    expect(problemsOf(deep)[0]).toMatchObject({ code: 'E105', where: 'g.json#/ops/0/name' })
  })
})

describe('1,000 broken texts', () => {
  /** Lehmer's generator. */
  function generator(seed: number): (below: number) => number {
    let state = seed
    return (below) => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
  }
  const pieces = [
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '-',
    '0',
    '1e999',
    'null',
    'true',
    '\\',
    '\u0000',
    '"__proto__"',
    '[[[[',
    '-1',
    '1e-400',
  ]

  function mutate(text: string, random: (below: number) => number): string {
    let changed = text
    for (let k = random(3); k >= 0; k--) {
      const at = random(changed.length)
      const piece = pieces[random(pieces.length)]
      const cut = random(4) === 0 ? random(200) : random(3)
      const way = random(4)
      if (way === 0) changed = changed.slice(0, at) + piece + changed.slice(at + cut)
      else if (way === 1) changed = changed.slice(0, at) + changed.slice(at + 1 + cut)
      else if (way === 2)
        changed = changed.slice(0, at) + changed.slice(random(changed.length)).slice(0, 300) + changed.slice(at)
      else {
        const numbers = [...changed.matchAll(/(?<=: )-?\d[\d.e+-]*|"[\w.]+"/g)]
        const { index = 0, 0: old } = numbers[random(numbers.length)] ?? [' ']
        changed = changed.slice(0, index) + piece + changed.slice(index + old.length)
      }
    }
    return changed
  }

  test('of fixtures/diamond.json end in a graph or a user error, quickly', () => {
    const random = generator(2024)
    const before = performance.now()
    const ends = new Map<string, number>()
    for (let k = 0; k < 1000; k++) {
      const text = mutate(diamond, random)
      let end = 'a graph'
      try {
        loadGraph(bytesSource('diamond.json', new TextEncoder().encode(text)), new Map())
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(`mutant ${k} of the reader: ${error}`, { cause: error })
        for (const problem of error.problems) expect(problem.message).not.toBe('')
        end = error.code
      }
      ends.set(end, (ends.get(end) ?? 0) + 1)
    }
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['a graph', 'E104', 'E105', 'E203', 'E204', 'E205']))
    expect(performance.now() - before).toBeLessThan(15_000)
  })
})
