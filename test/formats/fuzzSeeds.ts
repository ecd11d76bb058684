import { oracle } from './huggingface/oracle.js'
import * as samples from './samples.js'

export interface FuzzSeed {
  /** As --format-in names it; "detection" for none. */
  readonly reader: string
  readonly bytes: Uint8Array
}

/** One or a few valid files of every format that is read. */
export function fuzzSeeds(stored: (path: string) => Uint8Array): readonly FuzzSeed[] {
  const text = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const seeds: FuzzSeed[] = [
    ...['early-exit', 'moe-tiny', 'resnet14-int8'].map((name) => ({
      reader: 'onnx',
      bytes: stored(`fixtures/${name}.onnx`),
    })),
    { reader: 'stowage.graph', bytes: stored('fixtures/diamond.json') },
    { reader: 'torch-export', bytes: text(samples.torchExport()) },
    { reader: 'torch-export', bytes: text(samples.jointExport()) },
    { reader: 'dnn-partitioning', bytes: text(samples.dnnPartitioning()) },
    { reader: 'pipedream', bytes: text(samples.pipedream()) },
    { reader: 'piper', bytes: text(samples.piper()) },
    { reader: 'graphlib', bytes: text(samples.graphlib()) },
    ...oracle
      .filter(({ name }) => name.startsWith('odd-'))
      .map(({ config }) => ({ reader: 'huggingface', bytes: text(config) })),
    { reader: 'kineto', bytes: text(samples.kineto()) },
    { reader: 'profile-csv', bytes: text(samples.profileCsv()) },
    ...['gpt2', 'deepseek-v3'].map((name) => ({ reader: 'stowage.model', bytes: stored(`models/${name}.json`) })),
    { reader: 'stowage.cluster', bytes: stored('fixtures/two-hosts.json') },
    { reader: 'stowage.plan', bytes: text(plan) },
    { reader: 'placement-map', bytes: text({ a: 0, b: 1, c: 0 }) },
  ]
  return [...seeds, ...seeds.map(({ bytes }) => ({ reader: 'detection', bytes }))]
}

const plan = {
  kind: 'stowage.plan',
  schemaVersion: '1.0',
  name: 'x',
  provenance: {
    tool: 'stowage 0.1.0',
    inputs: {
      model: { name: 'm', sha256: '0' },
      cluster: { name: 'c', sha256: '1' },
      calibration: { name: 'none', sha256: '2' },
      options: { reserve: 0 },
    },
  },
  decisions: { placement: { a: 0, b: 1 }, order: ['a', ['a.out', 1], 'b'] },
  prediction: {
    stepSeconds: 2,
    lowerBoundSeconds: 1,
    peakBytes: [1, 2],
    fits: true,
    breakdown: { compute: 1, exposedCommunication: 1, other: 0 },
    unmodelledFlopsFraction: 0,
    computeSeconds: [1, 1],
  },
  planHash: '3',
}
