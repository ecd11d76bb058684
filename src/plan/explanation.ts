import type { Explanation } from './types.js'

/** The answer of `stowage explain`. */
export interface PlanExplanation extends Partial<Explanation> {
  readonly kind: 'stowage.explanation'
  readonly schemaVersion: '1.0'
  readonly name: string
  readonly stepSeconds: number
  readonly whyNot?: WhyNot
}

/** What a plan would be with other choices. */
export interface WhyNot {
  readonly pins: Readonly<Record<string, string | number | boolean>>
  readonly configurations: number
  /** The best with these pins, and its step over the plan's: 0.1 is a tenth longer. Absent where none fits. */
  readonly best?: { readonly name: string; readonly stepSeconds: number; readonly lostBy: number }
  /** Where none fits: the one that needs least. */
  readonly nearest?: { readonly name: string; readonly peakBytes: number; readonly limitBytes: number }
}
