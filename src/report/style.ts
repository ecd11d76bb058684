/** How a text report may look: its width and what marks words. Words carry the meaning, colour only marks it. */
export interface Style {
  readonly width: number
  readonly strong: Mark
  readonly dim: Mark
  readonly good: Mark
  readonly warn: Mark
  readonly bad: Mark
}

export type Mark = (text: string) => string

const unmarked: Mark = (text) => text

/** For files and pipes: no colour, 100 columns. */
export const plainStyle: Style = {
  width: 100,
  strong: unmarked,
  dim: unmarked,
  good: unmarked,
  warn: unmarked,
  bad: unmarked,
}
