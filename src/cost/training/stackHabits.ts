/** What a framework always does and its configuration does not say. Pure facts, each with its source in models/stacks. */
export interface StackHabits {
  /** Of the stack, or of the family that stands in for an unknown one. */
  readonly name: string
  readonly family: string
  /** Scores are written to memory, as before fused attention. */
  readonly unfusedAttention: boolean
  /** Bytes of one gradient element on the wire. */
  readonly gradientBytes: number
  /** Stages send hidden states in shares, one a tensor rank, also without sequence parallelism. */
  readonly scatteredTransfers: boolean
  /** How layers are dealt to pipeline stages: evenly, or by walking their parameters (nanotron). */
  readonly stageLayout: 'even' | 'parameter-walk'
  /** The stack interleaves stages though its rows rarely say how. */
  readonly interleavingUnknown: boolean
  /** Sequence parallelism is on wherever tensor parallelism is. */
  readonly sequenceParallelImplied: boolean
  /** Pipelines across hosts with tensor parallelism, or a sick network, run in a slow regime. */
  readonly congestedRegime: boolean
  /** Name of the table of bytes a parameter, in `cost/trainingMemory`. */
  readonly stateLayout: string
  /** Share of the device's memory that a run can fill before it runs out or thrashes. */
  readonly usableMemoryShare: number
}

export interface KnownStack extends StackHabits {
  /** Words in a stack's name that tell that it belongs to this family. */
  readonly keywords: readonly string[]
}

export interface StackMatch {
  readonly habits: StackHabits
  /** How closely the name was known: releases of a stack count as the stack. */
  readonly by: 'stack' | 'family' | 'generic'
}

/** The habits of a stack by name: the longest known name that it begins with, else the family of a word in it, else `generic`. */
export function matchStack(stacks: readonly KnownStack[], name: string): StackMatch {
  const typed = name.toLowerCase()
  const named = longest(stacks.filter((stack) => stack.name !== stack.family && isRelease(typed, stack.name)))
  if (named) return { habits: named, by: 'stack' }
  const family = stacks.find((stack) => stack.keywords.some((word) => typed.includes(word)))
  if (family) return { habits: family, by: 'family' }
  return { habits: stacks.find((stack) => stack.name === 'generic')!, by: 'generic' }
}

/** `megatron-bridge-26.02` is a release of `megatron-bridge`. */
function isRelease(typed: string, name: string): boolean {
  return typed === name || (typed.startsWith(name) && !/[a-z]/.test(typed[name.length]))
}

function longest<T extends { readonly name: string }>(stacks: readonly T[]): T | undefined {
  return stacks.reduce<T | undefined>(
    (best, each) => (best && best.name.length >= each.name.length ? best : each),
    undefined,
  )
}
