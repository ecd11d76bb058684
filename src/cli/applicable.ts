import { fail } from '../errors/index.js'

/** What --flags hold; a flag that was not given is undefined, false, or its neutral 0. */
type Flags = Readonly<Record<string, unknown>>

/** Throws E100 for a flag that was given and means nothing for this kind of input: it would be passed over in silence. */
export function refuseFlags(flags: Flags, names: readonly string[], input: string): void {
  const stray = names.find((name) => flags[name])
  if (stray !== undefined) refuseFlag(stray, input, fixes[stray])
}

export function refuseFlag(name: string, input: string, fix = 'leave it out'): never {
  return fail('E100', `--${name} means nothing for ${input}`, { where: `--${name}`, fix })
}

/** Flags of operator graphs, which say nothing of a training run: that states its model, cluster and recipe itself. */
export const graphFlags = [
  ...['placement', 'model', 'cluster', 'memory-limit', 'reserve', 'bind', 'profile', 'mode', 'optimizer', 'recompute'],
  'schedule',
] as const

const fixes: Readonly<Record<string, string>> = {
  cluster: "write the cluster into the run's file",
  model: "write the model into the run's file",
  'memory-limit': "state cluster.memoryBytes in the run's file",
  optimizer: "state training.optimizer in the run's file",
  recompute: "state training.recompute in the run's file, or --pin recompute=full",
  calibration: 'calibrations are of training runs; ops take --profile',
  trace: 'give one run, or a plan',
  export: 'graphs are exported; a cluster is printed with --json',
}
