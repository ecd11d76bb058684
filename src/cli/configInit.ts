import { existsSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { fail } from '../errors/index.js'
import { readConfig } from '../formats/config.js'
import { formatOf } from '../formats/detect.js'
import { readJsonc } from '../formats/jsonc.js'
import { bytesSource } from '../formats/source.js'
import type { GateReport } from '../gate/index.js'
import { configText } from '../report/configText.js'
import { gatePlans } from '../verbs/gatePlans.js'
import { atomicWrite } from './atomicWrite.js'
import { gateRequest } from './gateRequest.js'
import { shownPath } from './gateTree.js'
import { openSource } from './source.js'

export interface InitRequest {
  readonly model: string
  readonly cluster?: string
  /** Of the config to write. */
  readonly path: string
  readonly bind: ReadonlyMap<string, number>
  readonly formatIn?: string
  readonly force: boolean
}

/** Writes a commented config that holds for its model as it is, and says what its gate says now. Nothing is written when the model cannot be planned for. */
export async function writeConfig(request: InitRequest): Promise<{ path: string; plan: string; report: GateReport }> {
  const path = resolve(request.path)
  if (existsSync(path) && !request.force)
    fail('E108', `${request.path} exists already`, {
      where: request.path,
      fix: '--force writes over it; --config FILE writes elsewhere',
    })
  const source = await openSource(request.model)
  const format = formatOf(source, request.formatIn)
  const name = basename(source.name)
    .replace(/\.gz$/, '')
    .replace(/\.(onnx|json|txt)$/, '')
  const plan = name === 'config' ? basename(dirname(resolve(request.model))) : name
  const text = configText({
    name: plan,
    model: fromFolder(path, request.model),
    cluster: request.cluster === undefined ? undefined : fromFolder(path, request.cluster),
    isRun: format === 'huggingface' || format === 'stowage.model',
    hasCluster: ownCluster.includes(format),
    formatIn: request.formatIn,
    bind: [...request.bind],
  })
  const config = readConfig(readJsonc(bytesSource(request.path, Buffer.from(text))), request.path)
  const { report } = await gatePlans(await gateRequest({ path, folder: dirname(path), config }, [], {}))
  atomicWrite(path, text)
  return { path: shownPath(path), plan, report }
}

/** Formats whose files name their devices. */
const ownCluster: readonly string[] = ['dnn-partitioning']

/** A file as seen from the config's folder; names of shipped models and presets stay. */
function fromFolder(config: string, text: string): string {
  return existsSync(text) ? relative(dirname(config), resolve(text)).split(sep).join('/') : text
}
