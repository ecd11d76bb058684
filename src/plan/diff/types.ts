import type { InputIdentity, OrderEntry, Provenance } from '../types.js'

/** As much of a stowage.plan as a diff reads, whatever planner wrote it: decisions and figures that it does not know are compared all the same. */
export interface ComparedPlan {
  readonly name: string
  readonly planHash: string
  readonly provenance: Provenance
  readonly decisions: object
  readonly prediction?: object
  readonly explanation?: { readonly assumed?: readonly string[] }
}

/** What differs between two plans; applied to the base's, `decisions` give the head's. */
export interface PlanDiff {
  /** Neither decisions nor predictions differ. */
  readonly same: boolean
  readonly base: PlanName
  readonly head: PlanName
  readonly why: Causes
  readonly decisions: DecisionsDiff
  readonly prediction: PredictionDiff
  readonly skipped: readonly Skipped[]
}

export interface PlanName {
  readonly name: string
  readonly planHash: string
}

/** Which inputs differ, by their hashes, and options by their values. */
export interface Causes {
  readonly inputs: readonly { readonly input: string; readonly base: InputIdentity; readonly head: InputIdentity }[]
  readonly options: readonly ValueChange[]
}

/** A value that differs; the side that lacks it has no key for it. */
export interface ValueChange {
  readonly path: readonly (string | number)[]
  readonly base?: unknown
  readonly head?: unknown
}

export interface DecisionsDiff {
  readonly same: boolean
  readonly placement?: PlacementDiff
  readonly order?: OrderDiff
  readonly mesh?: readonly { readonly axis: string; readonly base?: number; readonly head?: number }[]
  readonly stages?: StagesDiff
  readonly fsdp?: FsdpDiff
  readonly experts?: ExpertsDiff
  /** Everything else and, value by value, what mesh, stages, fsdp and experts sum up. */
  readonly changes: readonly ValueChange[]
}

/** An op or module; where it was and is. Absent from a plan: null. */
export type Move = readonly [name: string, from: number | null, to: number | null]

/** Ops that go the same way, under one name for their modules: transformer.h.3-5. */
export interface MoveGroup {
  readonly modules: string
  readonly from: number | null
  readonly to: number | null
  readonly count: number
  /** How many there are in these modules, moved or not. */
  readonly of: number
}

export interface MoveCounts {
  readonly moved: number
  readonly added: number
  readonly removed: number
}

export interface PlacementDiff extends MoveCounts {
  /** Ops of base and head together. */
  readonly of: number
  /** The same parts on devices of other numbers: nothing else moved. */
  readonly renumbered: boolean
  readonly groups: readonly MoveGroup[]
  readonly moves: readonly Move[]
}

/** Entries committed at another place: as few as a common subsequence leaves. */
export interface OrderDiff extends MoveCounts {
  readonly of: number
  /** Positions in the base's order. */
  readonly removedAt: readonly number[]
  /** Positions in the head's order. */
  readonly insertedAt: readonly (readonly [position: number, entry: OrderEntry])[]
}

export interface StagesDiff extends MoveCounts {
  readonly base: number
  readonly head: number
  /** From stage to stage. */
  readonly groups: readonly MoveGroup[]
  readonly devices: readonly {
    readonly stage: number
    readonly base?: readonly number[]
    readonly head?: readonly number[]
  }[]
}

/** Units by the modules they hold. */
export interface FsdpDiff {
  readonly base: number
  readonly head: number
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

export interface ExpertsDiff {
  /** Layers whose slots differ. */
  readonly layers: number
  readonly of: number
  /** Experts that a device holds in the head and not in the base, and the other way about. */
  readonly gained: number
  readonly lost: number
}

export interface PredictionDiff {
  readonly same: boolean
  readonly figures: readonly FigureChange[]
  /** What a plan predicts beside figures: whether it fits, what it rests on. */
  readonly changes: readonly ValueChange[]
  /** Figures by device or stage, where they differ. */
  readonly places: readonly PlaceChange[]
}

export type Unit = 'seconds' | 'bytes' | 'fraction' | 'number'

export interface FigureChange {
  /** Where it stands in the prediction: stepSeconds, breakdown.bubble. Of a list by device, the largest. */
  readonly figure: string
  readonly unit: Unit
  readonly better: 'less' | 'more' | 'neither'
  readonly base: number
  readonly head: number
  readonly difference: number
  /** Of the base; null where the base is 0 and the head is not. */
  readonly percent: number | null
}

export interface PlaceChange {
  readonly figure: string
  readonly unit: Unit
  /** Device or stage. */
  readonly place: number
  readonly base?: number
  readonly head?: number
}

/** What was not compared, and why. */
export interface Skipped {
  readonly what: string
  readonly in: 'base' | 'head' | 'both'
  readonly why: string
}
