/** Counts the nodes of all searches of one plan. */
export class SearchBudget {
  used = 0

  constructor(readonly nodes: number) {}

  /** A part of what is left, counted apart. */
  share(nodes: number): SearchBudget {
    return new SearchBudget(Math.min(nodes, this.nodes - this.used))
  }

  get isSpent(): boolean {
    return this.used >= this.nodes
  }
}
