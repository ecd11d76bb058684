import { didYouMean, fail, Problems } from '../errors/index.js'
import type { ModelDtype } from '../graph/model/dtypes.js'
import { checkModel, completeModel, type ModelFields } from '../model/index.js'
import { shown } from './fields.js'
import { type HuggingFaceFamily, huggingFaceFamilies } from './huggingfaceFamilies.js'
import { type ConfigFields, configFields } from './huggingfaceFields.js'
import type { ModelReading } from './model.js'

/**
 * A Hugging Face config.json: the family by `model_type` or the class in `architectures`, absent fields by the defaults of that family's
 * configuration class (each noted as assumed). `name` stands in for a file that does not name its model.
 */
export function readHuggingFace(value: unknown, where: string, name: string): ModelReading {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail('E105', 'the document is wrong', { where: `${where}#`, expected: 'an object' })
  const config = value as Readonly<Record<string, unknown>>
  const problems = new Problems()
  const assumed: string[] = []
  const { type, family } = familyOf(config, where)
  const c = configFields(config, `${family.classes}Config`, assumed, problems, where)
  const sizes = { layers: c.required('layers'), hidden: c.required('hidden'), heads: c.required('heads') }
  const read = family.read(c, sizes)
  const task = taskOf(config, type, family, c, assumed, where)
  const dtype = dtypeOf(config, assumed)
  problems.throwIfAny()
  const fields: ModelFields = { name: ownName(config) ?? name, ...sizes, ...read, ...task }
  const { model } = completeModel(fields)
  checkModel(model, c.pointer, problems)
  problems.throwIfAny()
  return { model, dtype, assumed, warnings: remarks(config, family) }
}

interface Found {
  readonly type: string
  readonly family: HuggingFaceFamily
}

const classNames = Object.entries(huggingFaceFamilies).map(([type, { classes }]) => [classes, type] as const)

/** Old files have no `model_type`; their class tells. The longest prefix wins: Qwen2MoeForCausalLM is no Qwen2. */
function familyOf(config: Readonly<Record<string, unknown>>, where: string): Found {
  const written = config.model_type
  const type = typeof written === 'string' && written !== '' ? written : typeOfClass(firstClass(config) ?? '')
  if (type !== undefined && Object.hasOwn(huggingFaceFamilies, type)) return { type, family: huggingFaceFamilies[type] }
  const known = Object.keys(huggingFaceFamilies)
  const found = type ?? firstClass(config) ?? shown(written)
  const inside = typeof config.text_config === 'object' ? 'try the text_config in it as a file of its own' : ''
  fail('E105', `${found} is not an architecture that stowage models`, {
    where: `${where}#/${written === undefined ? 'architectures/0' : 'model_type'}`,
    expected: known.join(', '),
    found,
    fix: didYouMean(found, known) || inside || 'describe the model as a stowage.model (docs/models.md)',
  })
}

function typeOfClass(name: string): string | undefined {
  const fitting = classNames.filter(
    ([classes]) => name.startsWith(classes) && /^(For|Model|LMHead)/.test(name.slice(classes.length)),
  )
  return fitting.sort((a, b) => b[0].length - a[0].length)[0]?.[1]
}

function firstClass({ architectures }: Readonly<Record<string, unknown>>): string | undefined {
  const first = Array.isArray(architectures) ? architectures[0] : undefined
  return typeof first === 'string' ? first : undefined
}

/** What the class puts after the blocks. */
const tasks: Readonly<Record<string, (c: ConfigFields, type: string) => Partial<ModelFields>>> = {
  ForCausalLM: () => ({ head: 'lm' }),
  LMHeadModel: () => ({ head: 'lm' }),
  ForMaskedLM: () => ({ head: 'mlm' }),
  ForPreTraining: () => ({ head: 'mlm', pooler: true, classes: 2 }),
  ForSequenceClassification: (c, type) => ({ head: 'none', pooler: type === 'bert', classes: c.labels() }),
  ForImageClassification: (c) => ({ head: 'none', classes: c.labels() }),
  Model: (_, type) => ({ head: 'none', pooler: type === 'bert' || type === 'vit' }),
}

const encoderTasks: Readonly<Record<string, readonly string[]>> = {
  bert: ['ForMaskedLM', 'ForPreTraining', 'ForSequenceClassification', 'Model'],
  vit: ['ForImageClassification', 'Model'],
}
const decoderTasks = ['ForCausalLM', 'LMHeadModel', 'ForSequenceClassification', 'Model']

function taskOf(
  config: Readonly<Record<string, unknown>>,
  type: string,
  { classes }: HuggingFaceFamily,
  c: ConfigFields,
  assumed: string[],
  where: string,
): Partial<ModelFields> {
  const allowed = encoderTasks[type] ?? decoderTasks
  const written = firstClass(config)
  if (written === undefined) {
    const usual = encoderTasks[type] ? 'Model' : 'ForCausalLM'
    assumed.push(`architectures ${classes}${usual} (none is given)`)
    return tasks[usual](c, type)
  }
  // Remote code has names of its own for the same layout: only the task counts.
  const suffix = allowed.find((each) => written.endsWith(each))
  if (suffix !== undefined) return tasks[suffix](c, type)
  fail('E105', `${written} is not a class that stowage models`, {
    where: `${where}#/architectures/0`,
    expected: allowed.map((each) => classes + each).join(', '),
    found: written,
  })
}

const storedTypes: Readonly<Record<string, ModelDtype>> = {
  float64: 'fp64',
  float32: 'fp32',
  bfloat16: 'bf16',
  float16: 'fp16',
}

function dtypeOf(config: Readonly<Record<string, unknown>>, assumed: string[]): ModelDtype {
  const written = config.torch_dtype ?? config.dtype
  const known = typeof written === 'string' ? storedTypes[written.replace(/^torch\./, '')] : undefined
  if (known === undefined)
    assumed.push(`dtype float32 (${written === undefined ? 'none is given' : `not ${shown(written)}`})`)
  return known ?? 'fp32'
}

function ownName({ _name_or_path: path }: Readonly<Record<string, unknown>>): string | undefined {
  return (typeof path === 'string' && path.split(/[\\/]/).filter(Boolean).at(-1)) || undefined
}

/** What the graph does not show, so that nobody takes it for granted. */
function remarks(config: Readonly<Record<string, unknown>>, { leavesOut }: HuggingFaceFamily): string[] {
  const hasWindow = typeof config.sliding_window === 'number' && config.use_sliding_window !== false
  return [
    ...(hasWindow
      ? [`sliding_window ${config.sliding_window} is not modelled: attention is counted over every pair of tokens`]
      : []),
    ...(config.quantization_config ? ['quantization_config is not modelled: weights are counted unquantised'] : []),
    ...(leavesOut ? [`not modelled: ${leavesOut}`] : []),
  ]
}
