import { didYouMean } from '../errors/index.js'
import { clusterWarnings } from './cluster.js'
import { modelFieldsSchema } from './modelSchema.js'
import { fsdpSchema, type RunDocument, runClusterSchema, runSchema } from './runSchema.js'
import { unknownKeys } from './schemaProblems.js'

/** Keys of a run that mean nothing to us, each with what it may have meant: a slip of the pen is a default in silence. `parsed` is the document as its schema left it. */
export function runWarnings(value: unknown, parsed: RunDocument, where: string): string[] {
  const { model, cluster } = parsed
  const pointers = [
    ...unknownKeys(value, parsed),
    ...(isInlineModel(model) ? unknownKeys(model, anyModelFields.parse(model), '/model') : []),
  ]
  const own = [...new Set(pointers)].filter((pointer) => !remarks.has(pointer))
  const ofCluster =
    typeof cluster === 'object' && 'hosts' in cluster ? clusterWarnings(cluster, `${where}#/cluster`) : []
  return [...own.map((pointer) => `${where}#${pointer} is ignored${meaning(pointer)}`), ...ofCluster]
}

/** The fields of a model written in place, not a config of Hugging Face's. */
export function isInlineModel(model: unknown): model is Readonly<Record<string, unknown>> {
  return (
    typeof model === 'object' && model !== null && 'layers' in model && 'hidden' in model && !('model_type' in model)
  )
}

const anyModelFields = modelFieldsSchema.partial()

/** What people note beside a run; nobody expects it to change a prediction. */
const remarks = new Set(['/measured', '/flags', '/name', '/note', '/notes', '/description', '/model/params'])

const { training, parallelism } = runSchema.shape
const keysOf: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(runSchema.shape),
  '/training': Object.keys(training.shape),
  '/parallelism': Object.keys(parallelism.unwrap().shape),
  '/parallelism/fsdp': Object.keys(fsdpSchema.shape),
  '/cluster': Object.keys(runClusterSchema.shape),
  '/model': Object.keys(modelFieldsSchema.shape),
}

/** The key that was meant: near by in its own section, or the very same of another. */
function meaning(pointer: string): string {
  const [section, key] = [pointer.slice(0, pointer.lastIndexOf('/')), pointer.slice(pointer.lastIndexOf('/') + 1)]
  const home = Object.keys(keysOf).find((each) => each !== section && keysOf[each].includes(key))
  if (home !== undefined) return `: ${key} belongs ${home === '' ? 'to the run itself' : `into ${home.slice(1)}`}`
  const near = didYouMean(key, keysOf[section] ?? [])
  return near && `: ${near}`
}
