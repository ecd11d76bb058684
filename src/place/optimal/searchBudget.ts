/** Counts the nodes of all searches of one plan. */
export class SearchBudget {
  used = 0

  constructor(readonly nodes: number) {}

  get isSpent(): boolean {
    return this.used >= this.nodes
  }
}
