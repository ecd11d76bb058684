import fc from 'fast-check'
import { activations, biasChoices, completeModel, families, type ModelDescription } from '../../src/model/index.js'

const upTo = (max: number, min = 1) => fc.integer({ min, max })

/** Small models with every part that a model can have, in any mixture that passes `checkModel`. */
export const anyModel: fc.Arbitrary<ModelDescription> = fc
  .record({
    layers: upTo(4),
    hidden: upTo(64),
    kvHeads: upTo(3),
    groups: upTo(3),
    headDim: upTo(16),
    latent: fc.boolean(),
    qLoraRank: upTo(12, 0),
    rope: upTo(6),
    nope: upTo(6),
    v: upTo(9),
    ffn: upTo(99),
    activation: fc.constantFrom(...activations),
    biases: fc.constantFrom(...biasChoices),
    norm: fc.constantFrom('rmsnorm', 'layernorm'),
    normPlacement: fc.constantFrom('pre', 'post', 'both'),
    positions: fc.constantFrom('learned', 'rope', 'none'),
    family: fc.constantFrom(...families.filter((name) => name !== 'vit')),
    vocab: upTo(200),
    tiedEmbeddings: fc.boolean(),
    tokenTypes: upTo(2, 0),
    embeddingNorm: fc.boolean(),
    head: fc.constantFrom('lm', 'mlm', 'none'),
    pooler: fc.boolean(),
    classes: upTo(5, 0),
    causal: fc.boolean(),
    sinks: fc.boolean(),
    qkNorm: fc.boolean(),
    expandKv: fc.boolean(),
    attentionKernel: fc.constantFrom('flash', 'math'),
    experts: upTo(6, 0),
    expertFfn: upTo(30),
    sharedExperts: upTo(2, 0),
    sharedGate: fc.boolean(),
    denseLayers: upTo(4, 0),
    parallelResidual: fc.boolean(),
    routerCorrection: fc.boolean(),
    dropout: fc.constantFrom(0, 0.1),
  } as const)
  .map(({ kvHeads, groups, latent, rope, nope, v, headDim, ...fields }) => {
    const heads = kvHeads * groups
    const { layers, experts, activation, causal, pooler } = fields
    const attention = latent
      ? ({
          attention: 'mla',
          kvHeads: heads,
          kvLoraRank: 5,
          qkRopeHeadDim: rope,
          qkNopeHeadDim: nope,
          vHeadDim: v,
        } as const)
      : { kvHeads, headDim, vHeadDim: headDim }
    // A pooler reads the first token of a sequence that it sees whole.
    return completeModel({
      ...fields,
      ...attention,
      name: 'any',
      heads,
      gatedMlp: activation === 'swiglu' || activation === 'geglu',
      seq: 8,
      qkNorm: fields.qkNorm && !latent,
      pooler: pooler && !causal,
      topK: Math.min(2, experts),
      denseLayers: Math.min(fields.denseLayers, layers),
      sharedGate: fields.sharedGate && fields.sharedExperts > 0,
    }).model
  })
