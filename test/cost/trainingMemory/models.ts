import { completeModel, type ModelDescription, type ModelFields } from '../../../src/model/index.js'

/** GPT as Korthikanti et al. train it: plain MLP of 4h, dropout, scores in memory. */
export function gpt(fields: Partial<ModelFields> & Pick<ModelFields, 'layers' | 'hidden' | 'heads'>): ModelDescription {
  return completeModel({
    name: 'gpt',
    seq: 2048,
    vocab: 51200,
    ffn: 4 * fields.hidden,
    dropout: 0.1,
    attentionKernel: 'math',
    gatedMlp: false,
    ...fields,
  }).model
}

/** Models of the paper's table 3. */
export const gpt22B = gpt({ layers: 48, hidden: 6144, heads: 64 })
export const gpt175B = gpt({ layers: 96, hidden: 12288, heads: 96 })
export const gpt530B = gpt({ layers: 105, hidden: 20480, heads: 128 })
