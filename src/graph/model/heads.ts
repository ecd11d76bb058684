import { type Tensor, view } from './builder.js'
import { type Context, elementwise, linear, norm } from './layers.js'

/** What follows the blocks. Adds the loss over the logits in training. */
export function heads(context: Context, x: Tensor): void {
  const { model, build, isTraining } = context
  let logits = model.head === 'none' ? undefined : languageHead(context, x)
  if (model.pooler || model.classes > 0) logits = classifier(context, x) ?? logits
  if (!isTraining || logits === undefined) return
  const rows = logits.elements / logits.shape.at(-1)!
  const labels = { shape: [rows], dtype: 'int64' as const }
  const input = {
    name: 'labels',
    type: 'Input',
    module: '',
    inputs: [],
    outputs: [labels],
    seconds: 0,
    bytesAccessed: 0,
  }
  const [target] = build.add(input)
  build.add({
    name: 'loss',
    type: 'SoftmaxCrossEntropyLoss',
    module: '',
    inputs: [logits, target],
    outputs: [{ shape: [], dtype: 'fp32' }],
    vectorFlops: 6 * logits.elements,
  })
}

/** Logits of every token; the matrix is the table of tokens where they are tied (arXiv 1608.05859). */
function languageHead(context: Context, x: Tensor): Tensor {
  const { model, names } = context
  const weight = `${model.tiedEmbeddings ? `${names.root}${names.tokens}` : names.head}.weight`
  const isMasked = model.head === 'mlm'
  const states = isMasked ? maskedTransform(context, x) : x
  return linear(context, names.head, states, model.vocab, isMasked, { weight, bias: 'cls.predictions.bias' })
}

/** BERT's head: a dense layer, its activation and a norm before the logits (Devlin et al. 2018). */
function maskedTransform(context: Context, x: Tensor): Tensor {
  const module = 'cls.predictions.transform'
  const dense = linear(context, `${module}.dense`, x, context.model.hidden, true)
  const activated = elementwise(context, `${module}.act`, 'Gelu', module, [dense], 4)
  return norm(context, `${module}.LayerNorm`, activated)
}

/** A causal model scores every token; others the first, through a dense layer if there is a pooler. */
function classifier(context: Context, x: Tensor): Tensor | undefined {
  const { model, names } = context
  if (model.causal) return linear(context, names.classifier, x, model.classes, false)
  const pooler = `${names.root}pooler`
  let state = view(x, [x.shape[0], model.hidden])
  if (model.pooler) {
    const dense = linear(context, `${pooler}.dense`, state, model.hidden, true)
    state = elementwise(context, `${pooler}.act`, 'Tanh', pooler, [dense], 2)
  }
  const module = model.head === 'mlm' ? 'cls.seq_relationship' : names.classifier
  return model.classes > 0 ? linear(context, module, state, model.classes, true) : undefined
}
