import type { Ledger } from './ledger.js'
import { type ModelParameters, modelParameters } from './parameters.js'
import type { FsdpDtype, FsdpMemoryRequest } from './request.js'

/** What every part of the account reads: sizes of the step, and the little that it remembers between events. */
export interface Step {
  readonly request: FsdpMemoryRequest
  readonly ledger: Ledger
  readonly parameters: ModelParameters
  readonly sizes: Sizes
  /** Bytes of one element as stored, as computed with, as reduced. */
  readonly bytes: { readonly original: number; readonly compute: number; readonly reduce: number }
  /** Where types differ, be they as wide: parameters are cast to compute, gradients to reduce, reduced ones to store. */
  readonly casts: { readonly parameters: boolean; readonly gradients: boolean; readonly reduced: boolean }
  readonly tokens: number
  /** Blocks, the embedding and a root alone let their whole parameters go after forward; over one rank would be to keep them. */
  readonly isResharded: boolean
  /** A norm saves its input as it is; else an fp32 copy of it. */
  readonly normKeepsInput: boolean
  microbatch: number
  /** The last microbatch of the step. */
  isLast: boolean
  /** All-gather output that forward keeps until the next one is copied out. */
  heldGather: number
  /** Reduce-scatter input that backward keeps until the next unit's. */
  heldScatter: number
}

/** Bytes of the tensors that the steps move. */
export interface Sizes {
  /** A block's input: tokens x hidden in the compute type, and in fp32. */
  readonly hidden: number
  readonly hidden32: number
  /** One fp32 number a token. */
  readonly row: number
  /** Queries, and keys or values before they are repeated. */
  readonly query: number
  readonly key: number
  readonly ffn: number
  /** fp32 log-sum-exp of attention. */
  readonly logSumExp: number
  /** Elements of the logits. */
  readonly logits: number
}

export function startStep(request: FsdpMemoryRequest, ledger: Ledger): Step {
  const { model, policy, batch, seq } = request
  const computeDtype = policy.parameterDtype ?? policy.originalDtype
  const reduceDtype = policy.reduceDtype ?? computeDtype
  const compute = dtypeBytes[computeDtype]
  const tokens = batch * seq
  return {
    request,
    ledger,
    parameters: modelParameters(request),
    bytes: { original: dtypeBytes[policy.originalDtype], compute, reduce: dtypeBytes[reduceDtype] },
    casts: {
      parameters: computeDtype !== policy.originalDtype,
      gradients: reduceDtype !== computeDtype,
      reduced: reduceDtype !== policy.originalDtype,
    },
    tokens,
    isResharded: policy.reshardAfterForward === true || Number(policy.reshardAfterForward) > 1,
    normKeepsInput: compute === 4 || model.norm === 'layernorm',
    sizes: {
      hidden: compute * tokens * model.hidden,
      hidden32: 4 * tokens * model.hidden,
      row: 4 * tokens,
      query: compute * tokens * model.heads * model.headDim,
      key: compute * tokens * model.kvHeads * model.headDim,
      // Experts count as one MLP as wide as what a token meets.
      ffn: compute * tokens * (model.experts ? model.topK * model.expertFfn + model.sharedFfn : model.ffn),
      logSumExp: 4 * tokens * model.heads,
      logits: tokens * model.vocab,
    },
    microbatch: 0,
    isLast: true,
    heldGather: 0,
    heldScatter: 0,
  }
}

const dtypeBytes: Readonly<Record<FsdpDtype, number>> = { fp32: 4, bf16: 2, fp16: 2 }
