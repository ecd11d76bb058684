import { applyProfile, type ProfileReport } from '../cost/index.js'
import { fail } from '../errors/index.js'
import { formatOf } from '../formats/detect.js'
import { graphReaders } from '../formats/graphReaders.js'
import { readProfile } from '../formats/profile.js'
import type { Source } from '../formats/source.js'
import {
  buildGraph,
  type Coarsening,
  type CoarsenOptions,
  coarsen,
  foldFreeOps,
  type OpGraph,
  type TrainingOptions,
  trainingGraph,
} from '../graph/index.js'
import { buildCluster, type Cluster } from '../hardware/index.js'

export interface LoadedGraph {
  readonly graph: OpGraph
  /** Without folders: plans never hold a path. */
  readonly fileName: string
  readonly format: string
  /** Elements of weights, counted once each (FORMATS). */
  readonly parameterElements: number
  /** The devices that the file itself names, if it does: used where no cluster is given. */
  readonly cluster?: Cluster
  /** What a profile had to say of the graph, if one was given. */
  readonly profile?: ProfileReport
  /** How the graph was contracted, if it was. */
  readonly coarsening?: Coarsening
  /** How the step trains, if it does; recorded, so that the plan can be simulated again. */
  readonly training?: TrainingOptions
  readonly warnings: readonly string[]
}

export interface LoadOptions {
  /** Name of the file's format, where its content does not tell. */
  readonly formatIn?: string
  /** Measured times of the ops: a CSV or a trace. */
  readonly profile?: Source
  /** Makes the graph a training step; absent: as the file has it. */
  readonly training?: TrainingOptions
  /** Contracts ops to blocks; absent: as they are. */
  readonly coarsenBy?: CoarsenOptions['by']
}

/** A model file of any known format as the graph that is placed: read, free ops folded, checked, numbered. */
export function loadGraph(
  source: Source,
  bind: ReadonlyMap<string, number>,
  { formatIn, profile, training, coarsenBy }: LoadOptions = {},
): LoadedGraph {
  const format = formatOf(source, formatIn)
  const read = graphReaders[format]
  if (!read) {
    fail('E102', `${source.name} is a ${format}, not an operator graph`, {
      where: source.name,
      expected: Object.keys(graphReaders).join(', '),
      found: format,
    })
  }
  const fileName = source.name.split(/[\\/]/).pop()!
  const { description, cluster, warnings } = read(source, { name: fileName.replace(/\.(onnx|json)$/, ''), bind })
  const folded = foldFreeOps(description)
  const profiled = profile && applyProfile(folded, readProfile(profile))
  const forward = profiled?.description ?? folded
  const step = training ? trainingGraph(forward, training, source.name) : forward
  const coarsening = coarsenBy && coarsen(step, { by: coarsenBy }, source.name)
  return {
    graph: buildGraph(coarsening?.graph ?? step, source.name),
    fileName,
    format,
    parameterElements: (description.parameters ?? []).reduce(
      (sum, each) => sum + each.shape.reduce((n, dim) => n * dim, 1),
      0,
    ),
    ...(cluster && { cluster: buildCluster(cluster, source.name) }),
    ...(profiled && { profile: profiled.report }),
    ...(coarsening && { coarsening }),
    ...(training && { training }),
    warnings: [
      ...warnings,
      ...(profiled ? profileWarnings(profiled.report) : []),
      ...(training && !step.ops.some(isBackward) ? ['--mode training: the graph has nothing to train'] : []),
    ],
  }
}

const isBackward = ({ phase }: OpGraph['ops'][number]) => phase === 'backward'

/** How much of the graph is measured and how much of the profile was used, told wherever the graph is used. */
function profileWarnings({ name, ops, measuredOps, shares }: ProfileReport): string[] {
  const lost = shares
    .filter(({ of }) => of !== 'optimizer')
    .map(
      ({ of, matchedFraction }) =>
        `${(100 * (1 - matchedFraction)).toFixed(1)} % of its ${of === 'rows' ? 'seconds' : `${of} seconds`}`,
    )
  const unmatched = lost.length ? `; ${lost.join(' and ')} match no op` : ''
  return [`profile ${name}: ${measuredOps} of ${ops} ops are measured${unmatched}`]
}
