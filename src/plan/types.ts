/**
 * A plan (FORMATS, stowage.plan). Decisions say what to do; the prediction is what the tool expected when it was written, recomputable
 * from decisions and inputs. Plain data.
 */
export interface Plan {
  readonly kind: 'stowage.plan'
  readonly schemaVersion: string
  readonly name: string
  readonly provenance: Provenance
  readonly decisions: Decisions
  readonly prediction: PlacementPrediction
  readonly explanation?: Explanation
  /** sha256 of the canonical decisions. */
  readonly planHash: string
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

/** Times in seconds. */
export interface ScheduleDocument {
  readonly ops: readonly (readonly [op: string, device: number, start: number, end: number])[]
  readonly transfers: readonly (readonly [tensor: string, from: number, to: number, start: number, end: number])[]
}

export interface Explanation {
  /** The placer whose plan this is. */
  readonly placer: string
  readonly binding: readonly string[]
  readonly alternatives: readonly { readonly name: string; readonly stepSeconds: number; readonly lostBy: number }[]
  readonly proof?: string
  readonly assumed?: readonly string[]
  /** Placers that found no plan within the memory limits. */
  readonly misses?: readonly string[]
}
