import { fail } from '../../errors/index.js'
import type { Attribute, Node, TensorInfo } from './model.js'
import { checkShape, newTensor, product, type Tensor } from './tensor.js'

/** Why an op's shapes or cost cannot be told; the op is then reported as not modelled. */
export class CannotTell extends Error {}

/** What an operator's rules see of one node: its inputs with what is known of them, its attributes, and its outputs to fill. */
export class OpContext {
  constructor(
    readonly node: Node,
    readonly name: string,
    readonly opset: number,
    readonly inputs: readonly (Tensor | undefined)[],
    readonly outputs: readonly (Tensor | undefined)[],
    private readonly attributes: readonly Attribute[],
    private readonly valuesOf: (tensor: Tensor) => readonly number[] | undefined,
  ) {}

  has(i: number): boolean {
    return this.inputs[i] !== undefined
  }

  tensor(i: number): Tensor {
    const tensor = this.inputs[i]
    if (!tensor) this.wrong(`input ${i} is missing`)
    return tensor
  }

  shape(i: number): readonly number[] {
    const { shape } = this.tensor(i)
    if (!shape) throw new CannotTell('the shape of an input is not known')
    return shape
  }

  rank(i: number): number {
    return this.shape(i).length
  }

  type(i: number): number {
    return this.tensor(i).type
  }

  /** Elements of an input. */
  elements(i: number): number {
    return product(this.shape(i))
  }

  /** Elements of an output. */
  made(i = 0): number {
    const output = this.outputs[i]
    return output?.shape ? product(output.shape) : 0
  }

  /** The numbers of an input where they are known at import. */
  values(i: number): readonly number[] | undefined {
    const tensor = this.inputs[i]
    return tensor && this.valuesOf(tensor)
  }

  /** The numbers of a tensor that an attribute holds. */
  stored(info: TensorInfo): readonly number[] | undefined {
    return this.valuesOf(newTensor(info.name, info.type, info.dims, { data: info.data }))
  }

  /** The numbers of an input that shapes depend on. */
  needed(i: number): readonly number[] {
    const values = this.values(i)
    if (!values) throw new CannotTell(`its shape depends on the values of input ${i}`)
    return values
  }

  attribute(name: string): Attribute | undefined {
    return this.attributes.find((a) => a.name === name)
  }

  int(name: string, otherwise: number): number {
    return this.attribute(name)?.int ?? otherwise
  }

  float(name: string, otherwise: number): number {
    return this.attribute(name)?.float ?? otherwise
  }

  text(name: string, otherwise: string): string {
    return this.attribute(name)?.text ?? otherwise
  }

  ints(name: string): readonly number[] | undefined {
    return this.attribute(name)?.ints
  }

  /** Integers that moved from an attribute to an input in a later operator set. */
  intsOrInput(name: string, input: number): readonly number[] | undefined {
    return this.has(input) ? this.needed(input) : this.ints(name)
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const at = axis < 0 ? axis + rank : axis
    if (!(at >= 0 && at < Math.max(rank, 1))) this.wrong(`axis ${axis} of a tensor of rank ${rank}`)
    return at
  }

  /** Fills an output; unstated parts stay as they are. */
  set(i: number, shape: readonly number[], type: number, values?: readonly number[]): void {
    const output = this.outputs[i]
    if (!output) return
    if (shape.length > deepestRank) this.wrong(`a tensor of rank ${shape.length}`)
    for (const dim of shape) if (!(dim >= 0) || !Number.isInteger(dim)) this.wrong(`a dimension of ${dim}`)
    output.shape = checkShape(output.name, shape, `node ${this.name}`)
    output.type = type
    output.values = values
  }

  /** Says that an output's shape depends on data and the one set is its upper bound. */
  estimate(i: number): void {
    const output = this.outputs[i]
    if (output) output.isEstimated = true
  }

  /** The shapes contradict each other. */
  wrong(what: string): never {
    if (this.inputs.some((t) => t?.isEstimated)) throw new CannotTell(`it depends on data: ${what}`)
    const shapes = this.inputs.map((t) => (t ? (t.shape ? `[${t.shape.join(', ')}]` : '[?]') : '-')).join(', ')
    return fail('E208', `${this.node.type} does not fit its inputs: ${what}`, {
      where: `node ${this.name}`,
      found: `inputs ${shapes}`,
      fix: 'check the bound dimensions (--bind), or export the model again',
    })
  }
}

const deepestRank = 64
