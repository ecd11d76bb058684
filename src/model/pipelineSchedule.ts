/** Who does what in which order, without times. Actions are packed (`packAction` of schedule/pipeline), for half a million of them must cost milliseconds. */
export interface PipelineSchedule {
  readonly name: string
  readonly ranks: number
  /** Stages of all copies together; those of copy c follow one another from c x stages / copies on. */
  readonly stages: number
  /** How many copies of the model the ranks hold, each fed with its own equal share of the microbatches: 2 in DualPipe, else 1. */
  readonly copies: number
  /** Of all copies together; copy c runs those from c x microbatches / copies on. */
  readonly microbatches: number
  /** Which rank runs a stage. */
  readonly stageRank: Int32Array
  /** The program of each rank. */
  readonly actions: readonly Int32Array[]
}
