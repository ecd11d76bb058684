import { didYouMean, fail } from '../errors/index.js'
import { looksLikeOnnx } from './onnxHead.js'
import { type Peek, peek } from './peek.js'
import type { Source } from './source.js'

export type FormatName = (typeof recognisers)[number]['name']

/** What a file is: as the user says with --format-in, else by its content. Throws E100 for a name that is no format's. */
export function formatOf(source: Source, asked?: string): FormatName {
  if (asked === undefined) return detectFormat(source)
  const names = [...new Set(recognisers.map((recogniser) => recogniser.name))]
  return (
    names.find((name) => name === asked) ??
    fail('E100', `${asked} is no format`, {
      where: '--format-in',
      expected: names.join(', '),
      found: asked,
      fix: didYouMean(asked, names) || undefined,
    })
  )
}

/** What a file is, by its content: the first recogniser that fits. Looks at the head; parses a whole JSON file only when its kind stands further back. */
export function detectFormat(source: Source): FormatName {
  const seen = peek(source)
  const found = recognisers.find((recogniser) => recogniser.fits(seen))
  return found ? found.name : refuse(source, seen)
}

interface Recogniser<Name extends string> {
  readonly name: Name
  fits(seen: Peek): boolean
}

/** A new format is one line here. Those with a `kind` of their own come first, so that shape never overrules what a file says it is. */
const recognisers = [
  { name: 'onnx', fits: (seen) => looksLikeOnnx(seen.source) } satisfies Recogniser<'onnx'>,
  // A batch may state its kind on each line.
  { name: 'json-lines', fits: (seen) => seen.json === 'lines' } satisfies Recogniser<'json-lines'>,
  ofKind('stowage.graph'),
  ofKind('stowage.model'),
  ofKind('stowage.cluster'),
  ofKind('stowage.plan'),
  ofKind('stowage.run'),
  ofKind('stowage.calibration'),
  ofKind('stowage.routing'),
  ofKind('stowage.prediction'),
  ofKind('stowage.diff'),
  ofKind('stowage.gate'),
  ofKind('stowage.config'),
  ofKind('stowage.inspect'),
  ofKind('stowage.error'),
  shaped('stowage.graph', (seen) => seen.has('ops', 'edges')),
  shaped('huggingface', (seen) => seen.has('model_type') || seen.has('architectures')),
  shaped('torch-export', (seen) => seen.has('nodes', 'range_constraints') || torchExport.test(seen.text)),
  shaped('dnn-partitioning', (seen) => seen.has('maxFPGAs', 'nodes', 'edges')),
  shaped('piper', (seen) => seen.has('maxDevices', 'bandwidth', 'nodes', 'edges')),
  shaped('graphlib', (seen) => seen.has('options', 'nodes', 'edges')),
  shaped('kineto', (seen) => seen.has('traceEvents')),
  shaped('pipedream', (seen) => pipedream.test(seen.text)),
  shaped('profile-csv', (seen) => seen.json === undefined && profileHeader.test(seen.text)),
  shaped('stowage.cluster', (seen) => seen.has('hosts')),
  shaped('stowage.plan', (seen) => seen.has('decisions')),
  shaped('stowage.config', (seen) => seen.has('plans')),
  shaped('stowage.run', (seen) => seen.has('model', 'training')),
  shaped('stowage.model', (seen) => seen.has('layers', 'hidden', 'heads')),
  shaped('stowage.routing', (seen) => seen.has('experts', 'layers')),
  shaped('placement-map', (seen) => seen.json !== undefined && mapEntry.test(seen.text)),
] as const

const torchExport = /^\s*\{\s*"format"\s*:\s*"torch-export/
const pipedream = /^[^\n]* -- forward_compute_time=/m
/** A first line of column names, op and seconds among them. */
const profileHeader = /^\uFEFF?(?=[^\n]*\bop\b)(?=[^\n]*\bseconds\b)[\w ,"]+\r?(\n|$)/i

/** A file that begins {"op": 0 or [["op", 0. */
const mapEntry = /^\s*(?:\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*\[\s*"(?:[^"\\]|\\.)*"\s*,)\s*\d+\s*[,}\]]/

function ofKind<const Name extends string>(name: Name): Recogniser<Name> {
  return { name, fits: (seen) => seen.kind === name }
}

/** A JSON file without a kind of ours; one of our shapes has no other kind either, for that is a slip. */
function shaped<const Name extends string>(name: Name, fits: (seen: Peek) => boolean): Recogniser<Name> {
  const isOurs = name.startsWith('stowage.') || name === 'placement-map'
  const isOpen = ({ kind }: Peek) => kind === undefined || (!isOurs && !kind.startsWith('stowage.'))
  return { name, fits: (seen) => isOpen(seen) && fits(seen) }
}

function refuse({ name, size }: Source, seen: Peek): never {
  const names = [...new Set(recognisers.map((recogniser) => recogniser.name))]
  const expected = names.join(', ')
  const ofOurs = names.filter((each) => each.startsWith('stowage.'))
  if (size === 0) fail('E102', `${name} is empty`, { where: name, expected })
  if (seen.kind !== undefined) {
    fail('E102', `${name} is of an unknown kind`, {
      where: `${name}#/kind`,
      expected: ofOurs.join(', '),
      found: seen.kind,
      fix: didYouMean(`stowage.${seen.kind.replace(/^stowage\./, '')}`, ofOurs) || undefined,
    })
  }
  const found = seen.json
    ? `JSON with ${seen.keys.slice(0, 8).join(', ') || 'no keys'}`
    : `a file that begins ${JSON.stringify(seen.text.slice(0, 24))}`
  fail('E102', `${name} is of no kind that stowage knows`, { where: name, expected, found })
}
