import { fail } from '../../errors/index.js'
import type { Source } from '../source.js'
import type { Bindings } from './dimensions.js'
import type { CostedOp } from './interpret.js'
import type { Attribute, FunctionBody, Node, ValueInfo } from './model.js'
import { freeName } from './names.js'
import type { Tensor, Weight } from './tensor.js'

/** An import without a stated operator set is read by the newest rules. */
export const newestOpset = 28

/** What one import accumulates. */
export interface Session {
  readonly source: Source
  /** The numbers of a small constant, read on first use. */
  readonly valuesOf: (tensor: Tensor) => readonly number[] | undefined
  readonly bind: Bindings
  readonly functions: ReadonlyMap<string, FunctionBody>
  readonly modelOpsets: ReadonlyMap<string, number>
  readonly warnings: Set<string>
  readonly tensorNames: Set<string>
  readonly opNames: Set<string>
  /** How often a name was wanted again (`freeName`). */
  readonly tensorRepeats: Map<string, number>
  readonly opRepeats: Map<string, number>
  /** Weights by the place of their bytes in an external file: two names for one place are one weight. */
  readonly externalWeights: Map<string, readonly Weight[]>
  steps: number
}

/** One graph or function body while it runs: its names, and what surrounds it. */
export interface Frame {
  readonly scope: Map<string, Tensor | undefined>
  /** The scope around a subgraph; functions see none. */
  readonly outer?: Frame
  /** Leads the names of all that is made here: "call/". */
  readonly prefix: string
  readonly opsets: ReadonlyMap<string, number>
  /** The arguments of a function's call, for its attribute references. */
  readonly attributes?: ReadonlyMap<string, Attribute>
  /** Where ops are collected. */
  readonly sink: CostedOp[]
  /** Names outside of results made here, when a body stands in place of its call. */
  readonly rename: ReadonlyMap<string, string>
  readonly valueInfo: ReadonlyMap<string, ValueInfo>
  readonly module?: string
  /** Functions and subgraphs around this one. */
  readonly callers: readonly string[]
}

export function lookUp(frame: Frame, name: string): Tensor | undefined {
  for (let at: Frame | undefined = frame; at; at = at.outer) if (at.scope.has(name)) return at.scope.get(name)
  return undefined
}

export function isKnown(frame: Frame, name: string): boolean {
  for (let at: Frame | undefined = frame; at; at = at.outer) if (at.scope.has(name)) return true
  return false
}

/** The name of a tensor in the whole graph, made unique. */
export function tensorName(session: Session, frame: Frame, local: string): string {
  return freeName(frame.rename.get(local) ?? frame.prefix + local, session.tensorNames, session.tensorRepeats)
}

/** An op's name in the whole graph, made unique should an expanded body collide with its surroundings. */
export function opName(session: Session, name: string): string {
  return freeName(name, session.opNames, session.opRepeats)
}

/** A node's attributes, with references to the arguments of the enclosing function's call replaced. */
export function attributesOf(frame: Frame, node: Node): readonly Attribute[] {
  if (!node.attributes.some((a) => a.reference)) return node.attributes
  return node.attributes.flatMap((a) => {
    if (!a.reference) return [a]
    const given = frame.attributes?.get(a.reference)
    return given ? [{ ...given, name: a.name }] : []
  })
}

/** Functions and branches expand; a small file must not expand without end. */
export function countStep(session: Session): void {
  if (++session.steps > mostSteps)
    fail('E107', `${session.source.name} expands to more than ${mostSteps} nodes`, {
      where: session.source.name,
      fix: 'inline or shrink its functions',
    })
}

const mostSteps = 400_000
