/**
 * A plan (FORMATS, stowage.plan). Decisions say what to do; the prediction is what the tool expected when it was written, recomputable
 * from decisions and inputs. Plain data.
 */
export interface PlanOf<Prediction> {
  readonly kind: 'stowage.plan'
  readonly schemaVersion: string
  readonly name: string
  readonly provenance: Provenance
  readonly decisions: Decisions
  readonly prediction: Prediction
  readonly explanation?: Explanation
  /** sha256 of the canonical decisions. */
  readonly planHash: string
}

/** A plan of an operator graph. */
export type Plan = PlanOf<PlacementPrediction>
/** A plan of a training run, with its mesh. */
export type RunPlan = PlanOf<RunPlanPrediction>

/** RaggedShard layouts of parameters. */
export type ShardPlan = PlanOf<ShardPrediction>

export function isRunPlan(plan: Plan | RunPlan): plan is RunPlan {
  return plan.decisions.mesh !== undefined
}

export interface Provenance {
  readonly tool: string
  readonly inputs: {
    readonly model: InputIdentity
    readonly cluster: InputIdentity
    /** The cost data: data sheets of the device kinds. */
    readonly calibration: InputIdentity
    readonly options: Readonly<Record<string, unknown>>
  }
}

/** Which input it was: a bare file or preset name, never a path, and the hash of its canonical content. */
export interface InputIdentity {
  readonly name: string
  readonly sha256: string
}

/** Only the parts that a planner decided are present. */
export interface Decisions {
  /** Device of each op. */
  readonly placement?: Readonly<Record<string, number>>
  /** Commit order of ops, and of transfers as [tensor, to]. */
  readonly order?: readonly OrderEntry[]
  /** Pipeline stages in order; a stage with several devices is replicated on them. */
  readonly stages?: readonly StageDecision[]
  /** Ranks of a training run; devices are numbered with the last axis fastest. */
  readonly mesh?: { readonly axes: readonly string[]; readonly shape: readonly number[] }
  readonly schedule?: { readonly name: string; readonly microbatches: number; readonly microbatch: number }
  readonly dataParallel?: { readonly zeroStage: number; readonly offload?: true }
  /** Over how many ranks the experts of a layer are spread, inside the other axes. */
  readonly expertParallel?: number
  readonly fsdp?: { readonly units: readonly FsdpUnitDecision[] }
  /** By module pattern, * a number. */
  readonly tensorParallel?: Readonly<Record<string, string>>
  readonly recompute?: Readonly<Record<string, string>>
}

/** Modules that are gathered and sharded together; '' is the root, which holds what no other unit does. */
export interface FsdpUnitDecision {
  readonly modules: readonly string[]
  readonly reshardAfterForward: boolean
  readonly shardAxis: string
  /** RaggedShard layouts: device k of each buffer owns its elements from k to k + 1 shards. */
  readonly buffers?: readonly FsdpBufferDecision[]
}

export interface FsdpBufferDecision {
  readonly dtype: string
  readonly shardElements: number
  readonly parameters: readonly {
    readonly name: string
    /** Of its first element in the buffer. */
    readonly offset: number
    /** Elements of a block, which no device boundary cuts. */
    readonly granularity: number
    /** What the offset says, written out where that is short. */
    readonly elementsByRank?: readonly number[]
  }[]
}

export interface StageDecision {
  readonly index: number
  readonly devices: readonly number[]
  /** What it runs: names of modules, or of ops in an operator graph. */
  readonly modules: readonly string[]
}

export type OrderEntry = string | readonly [tensor: string, to: number]

export interface PlacementPrediction {
  readonly stepSeconds: number
  readonly lowerBoundSeconds: number
  readonly peakBytes: readonly number[]
  readonly fits: boolean
  readonly breakdown: { readonly compute: number; readonly exposedCommunication: number; readonly other: number }
  readonly unmodelledFlopsFraction: number
  readonly computeSeconds: readonly number[]
  readonly schedule?: ScheduleDocument
  /** Of a plan made for throughput, beside the step of a single microbatch: the steady state of many. */
  readonly maxLoadSeconds?: number
  readonly maxLoadLowerBoundSeconds?: number
  /** By device: compute and transfers of one microbatch. */
  readonly loadSeconds?: readonly number[]
}

/** What is expected of a training run. */
export interface RunPlanPrediction {
  readonly stepSeconds: number
  readonly stepSecondsInterval: readonly [low: number, high: number]
  /** Of a rank of each pipeline rank. */
  readonly peakBytes: readonly number[]
  /** What a rank may fill. */
  readonly memoryLimitBytes: number
  readonly fits: boolean
  readonly breakdown: {
    readonly compute: number
    readonly exposedCommunication: number
    readonly bubble: number
    readonly optimizer: number
    readonly other: number
  }
  readonly mfu: number
  readonly changesConvergence: boolean
  readonly price?: {
    readonly perStep: number
    readonly currency: string
    readonly asOf: string
    readonly source: string
  }
}

/** What RaggedShard layouts cost, and the least that any layout of the same buffers would. */
export interface ShardPrediction {
  /** Of all buffers of a device together. */
  readonly shardElements: number
  readonly shardElementsLowerBound: number
  /** Elements beyond those of the parameters, as a share of these. */
  readonly paddingFraction: number
  /** Of each buffer, in the order of the decisions: a size that no order of its parameters goes below, and why. */
  readonly certificates: readonly {
    readonly shardElements: number
    readonly reason: string
    readonly pieceElements?: number
  }[]
}

/** Times in seconds. */
export interface ScheduleDocument {
  readonly ops: readonly (readonly [op: string, device: number, start: number, end: number])[]
  readonly transfers: readonly (readonly [tensor: string, from: number, to: number, start: number, end: number])[]
}

export interface Explanation {
  /** The placer whose plan this is; `given` where the request left nothing to choose. */
  readonly placer: string
  readonly binding: readonly string[]
  readonly alternatives: readonly { readonly name: string; readonly stepSeconds: number; readonly lostBy: number }[]
  readonly proof?: string
  readonly assumed?: readonly string[]
  /** Placers that found no plan within the memory limits. */
  readonly misses?: readonly string[]
}
