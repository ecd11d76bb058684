import { describe, expect, test } from 'vitest'
import { readProfileCsv } from '../../src/formats/profileCsv.js'
import { loadGraph } from '../../src/verbs/loadGraph.js'
import { problemsOf } from './problems.js'
import { profileCsv, source } from './samples.js'

const read = (text = profileCsv()) => readProfileCsv(text, 'p.csv')

describe('readProfileCsv', () => {
  test('reads ops, kinds, seconds and bytes', () => {
    expect(read()).toEqual([
      { op: 'a', deviceKind: 'H100-SXM5-80GB', seconds: 1e-3, temporaryBytes: 1024 },
      { op: 'a', deviceKind: 'A100-SXM4-80GB', seconds: 2e-3 },
      { op: 'b, quoted "twice"', seconds: 5e-4 },
      { op: 'gone', seconds: 1.5e-3 },
    ])
  })

  test('columns may stand in any order and be called in several ways', () => {
    const rows = [{ op: 'a', deviceKind: 'k', seconds: 1, temporaryBytes: 2 }]
    expect(read('\uFEFFseconds,bytes,note,op,deviceKind\r\n1,2,hello,a,k\r\n')).toEqual(rows)
    expect(read('Op,Device_Kind,Seconds,Bytes\n"a", k ,1,2')).toEqual(rows)
    expect(read('op,seconds\n')).toEqual([])
  })

  test.each([
    ['a header without seconds', 'op,ms\na,1\n', 'E105', 'p.csv:1'],
    ['an op that is measured twice', 'op,seconds\na,1\n\na,2\n', 'E202', 'p.csv:4'],
    ['a negative time', 'op,seconds\na,-1\n', 'E204', 'p.csv:2'],
    ['a time that is none', 'op,seconds\n"a\nb",1\nc,fast\n', 'E105', 'p.csv:4'],
    ['a line that breaks off', 'op,seconds\na', 'E105', 'p.csv:2'],
    ['a line without an op', 'op,seconds\n,1\n', 'E105', 'p.csv:2'],
    ['a quote that is not closed', 'op,seconds\n"a,1\n', 'E105', 'p.csv:2'],
    ['text behind a quote', 'op,seconds\n"a"b,1\n', 'E105', 'p.csv:2'],
  ])('refuses %s', (_, text, code, where) => {
    expect(problemsOf(() => read(text))[0]).toMatchObject({ code, where })
  })
})

describe('--profile with a table', () => {
  const graph = {
    kind: 'stowage.graph',
    schemaVersion: '1.0',
    ops: [
      { name: 'a', type: 'X', seconds: { 'B200-SXM-180GB': 4e-4, 'H100-SXM5-80GB': 9 } },
      { name: 'b, quoted "twice"', type: 'X', flops: 1 },
      { name: 'c', type: 'X', flops: 2 },
    ],
    edges: [],
  }

  test('sets seconds by kind and tells both unmatched shares', () => {
    const profile = source(profileCsv(), 'folder/p.csv')
    const { graph: read, profile: report, warnings } = loadGraph(source(graph), new Map(), { profile })
    expect(read.ops.map((op) => op.seconds)).toEqual([
      { 'B200-SXM-180GB': 4e-4, 'H100-SXM5-80GB': 1e-3, 'A100-SXM4-80GB': 2e-3 },
      5e-4,
      undefined,
    ])
    expect(read.ops[0].temporaryBytes).toBe(1024)
    expect(report).toMatchObject({
      name: 'p.csv',
      ops: 3,
      measuredOps: 2,
      unmatched: [{ what: 'gone', seconds: 1.5e-3 }],
    })
    expect(report?.shares).toEqual([{ of: 'rows', seconds: 5e-3, matchedFraction: expect.closeTo(0.7, 12) }])
    expect(warnings).toEqual(['profile p.csv: 2 of 3 ops are measured; 30.0 % of its seconds match no op'])
  })

  test('a file of another kind is no profile', () => {
    expect(problemsOf(() => loadGraph(source(graph), new Map(), { profile: source(graph) }))[0]).toMatchObject({
      code: 'E102',
      found: 'stowage.graph',
    })
  })
})
