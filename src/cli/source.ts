import { closeSync, createReadStream, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { didYouMean, fail } from '../errors/index.js'
import { bytesSource, type Source } from '../formats/source.js'
import { shippedModel, shippedModelNames } from './models.js'

export interface SourceLimits {
  /** Bytes of a pipe, and of a gzip file once inflated: both must be held in memory. */
  readonly heldBytes: number
}

/** 2 GiB: the largest graphs met are some hundred MB; a gzip bomb or an endless pipe ends here. */
const defaultLimits: SourceLimits = { heldBytes: 2 ** 31 }

/** Files up to this size are read at once; larger ones stay open and are read by offset. */
const smallFileBytes = 4 * 2 ** 20

/** Opens a file, stdin for `-`, or by its name a model that comes with the program; what is gzipped is inflated. */
export async function openSource(path: string, limits: SourceLimits = defaultLimits): Promise<Source> {
  const shipped = path === '-' || existsSync(path) ? undefined : shippedModel(path)
  if (shipped) return { ...(await openPath(shipped.path, limits)), name: shipped.file }
  const source = path === '-' ? await heldStream('stdin', process.stdin, limits) : await openPath(path, limits)
  const head = source.read(0, 2)
  return head[0] === 0x1f && head[1] === 0x8b ? inflated(source, limits) : source
}

async function openPath(path: string, limits: SourceLimits): Promise<Source> {
  const descriptor = openOrFail(path)
  const stat = fstatSync(descriptor)
  if (stat.isDirectory()) {
    closeSync(descriptor)
    fail('E101', `${path} is a directory`, { where: path, expected: 'a file' })
  }
  if (!stat.isFile()) return heldStream(path, createReadStream('', { fd: descriptor }), limits)
  const file = fileSource(path, descriptor, stat.size)
  if (stat.size > smallFileBytes) return file
  const bytes = file.read(0, stat.size)
  closeSync(descriptor)
  return bytesSource(path, bytes)
}

function openOrFail(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') fail('E101', `there is no file ${path}`, { where: path, fix: nearFiles(path) })
    if (code === 'EACCES') fail('E101', `${path} may not be read`, { where: path, fix: 'change its permissions' })
    fail('E101', `${path} cannot be opened`, { where: path, found: message })
  }
}

const listings = 'stowage models and stowage clusters list what comes with the program'

/** Names like the missing one in the same folder or of shipped models, or that the folder itself is missing. */
function nearFiles(path: string): string | undefined {
  try {
    return didYouMean(basename(path), [...readdirSync(dirname(path)), ...shippedModelNames()]) || listings
  } catch {
    return `the folder ${dirname(path)} is missing or may not be read`
  }
}

/** Left open until the process ends: readers come back for more at any time. */
function fileSource(name: string, descriptor: number, size: number): Source {
  return {
    name,
    size,
    read(offset, length) {
      const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      for (let filled = 0; filled < buffer.length; ) {
        const count = readSync(descriptor, buffer, filled, buffer.length - filled, offset + filled)
        if (count === 0) fail('E101', `${name} became shorter while it was read`, { where: name })
        filled += count
      }
      return buffer
    },
  }
}

async function heldStream(name: string, stream: NodeJS.ReadableStream, limits: SourceLimits): Promise<Source> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > limits.heldBytes) tooLarge(name, 'a pipe', limits)
  }
  return bytesSource(name, Buffer.concat(chunks, size))
}

function inflated(source: Source, limits: SourceLimits): Source {
  const { name, size } = source
  if (size > limits.heldBytes) tooLarge(name, 'a gzip file', limits)
  try {
    return bytesSource(name, gunzipSync(source.read(0, size), { maxOutputLength: limits.heldBytes }))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') tooLarge(name, 'a gzip file', limits)
    fail('E106', `${name} begins like a gzip file but cannot be inflated`, { where: name, found: message })
  }
}

function tooLarge(name: string, what: string, { heldBytes }: SourceLimits): never {
  const expected = `at most ${heldBytes} bytes, since ${what} is held in memory`
  fail('E107', `${name} is too large`, { where: name, expected, fix: 'unpack it into a plain file' })
}
