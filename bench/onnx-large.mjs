/**
 * Reads sparse ONNX files of 1.5 GB and 4.5 GB and says what that costs above an empty start: `node bench/onnx-large.mjs`
 * (after `npm run build`). Then one of 100,000 ops, in at most 3 s of CPU. The target of the large ones is 0.3 s of CPU and 120 MB resident; protobufjs takes 0.69 s and 1.59 GB for the first.
 */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const target = { cpuSeconds: 0.3, residentBytes: 120e6 }
const reader = new URL('../dist/src/formats/onnx/index.js', import.meta.url)

if (process.argv[2] === '--child') await measure(process.argv[3])
else compare()

function compare() {
  const folder = mkdtempSync(path.join(tmpdir(), 'stowage-bench-'))
  try {
    for (const gigabytes of [1.5, 4.5]) {
      const file = path.join(folder, `${gigabytes}gb.onnx`)
      writeModel(file, 96, gigabytes * 1e9)
      const empty = child('')
      const full = child(file)
      const cpuSeconds = full.cpuSeconds - empty.cpuSeconds
      const isMet = cpuSeconds <= target.cpuSeconds && full.residentBytes <= target.residentBytes
      console.log(
        `${gigabytes} GB, ${full.ops} ops: ${cpuSeconds.toFixed(3)} s CPU above start-up, ${(full.residentBytes / 1e6).toFixed(0)} MB resident ` +
          `(${(empty.residentBytes / 1e6).toFixed(0)} at start): ${isMet ? 'met' : 'MISSED'}`,
      )
      if (!isMet) process.exitCode = 1
    }
    const file = path.join(folder, 'many.onnx')
    writeManyOps(file, 20_000)
    const cpuSeconds = child(file).cpuSeconds - child('').cpuSeconds
    const isMet = cpuSeconds <= 3
    console.log(`100,000 ops: ${cpuSeconds.toFixed(2)} s CPU above start-up: ${isMet ? 'met' : 'MISSED'}`)
    if (!isMet) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function child(file) {
  const script = fileURLToPath(import.meta.url)
  return JSON.parse(execFileSync(process.execPath, [script, '--child', file], { encoding: 'utf8' }))
}

async function measure(file) {
  let ops = 0
  if (file) {
    const { readOnnx } = await import(reader.href)
    const handle = openSync(file, 'r')
    const read = (offset, length) => {
      const window = new Uint8Array(length)
      return window.subarray(0, readSync(handle, window, 0, length, offset))
    }
    ops = readOnnx({ name: file, size: fstatSync(handle).size, read }, { name: 'bench' }).description.ops.length
  }
  const { user, system } = process.cpuUsage()
  console.log(
    JSON.stringify({ ops, cpuSeconds: (user + system) / 1e6, residentBytes: process.resourceUsage().maxRSS * 1024 }),
  )
}

/** A chain of matrix products whose weights lie in the file; holes stand for their numbers. */
function writeModel(file, layers, totalBytes) {
  const width = 4096
  const rows = Math.round(totalBytes / layers / width / 4)
  const handle = openSync(file, 'w')
  const weights = Array.from({ length: layers }, (_, i) => {
    const [a, b] = i % 2 === 0 ? [width, rows] : [rows, width]
    const rawLength = a * b * 4
    const head = [
      ...int(1, a),
      ...int(1, b),
      ...int(2, 1),
      ...text(8, `layers.${i}.weight`),
      ...key(9, 2),
      ...varint(rawLength),
    ]
    return { before: [...key(5, 2), ...varint(head.length + rawLength), ...head], rawLength }
  })
  const value = (name) =>
    block(2, block(1, [...int(1, 1), ...block(2, [...block(1, int(1, 1)), ...block(1, int(1, width))])]), text(1, name))
  const nodes = weights.flatMap((_, i) =>
    block(1, [
      ...text(1, i === 0 ? 'x' : `h${i}`),
      ...text(1, `layers.${i}.weight`),
      ...text(2, `h${i + 1}`),
      ...text(4, 'MatMul'),
    ]),
  )
  const rest = [...nodes, ...block(11, value('x')), ...block(12, value(`h${layers}`))]
  const graphLength = rest.length + weights.reduce((sum, w) => sum + w.before.length + w.rawLength, 0)
  let at = put(handle, [...int(1, 8), ...block(8, int(2, 18)), ...key(7, 2), ...varint(graphLength)], 0)
  for (const weight of weights) at = put(handle, weight.before, at) + weight.rawLength
  at = put(handle, rest, at)
  ftruncateSync(handle, at)
  closeSync(handle)
}

/** Layers of five ops: a product, its shape, a reshape, an activation and a sum. */
function writeManyOps(file, layers) {
  const value = (name) =>
    block(2, block(1, [...int(1, 1), ...block(2, [...block(1, int(1, 4)), ...block(1, int(1, 64))])]), text(1, name))
  const parts = Array.from({ length: layers }, (_, i) => {
    const input = i === 0 ? 'x' : `y${i - 1}`
    const node = (type, inputs, output) =>
      block(1, [...inputs.flatMap((name) => text(1, name)), ...text(2, `${output}${i}`), ...text(4, type)])
    return Uint8Array.from([
      ...block(5, [...int(1, 64), ...int(1, 64), ...int(2, 1), ...text(8, `layers.${i}.weight`), ...int(14, 1)]),
      ...node('MatMul', [input, `layers.${i}.weight`], 'h'),
      ...node('Shape', [`h${i}`], 's'),
      ...node('Reshape', [`h${i}`, `s${i}`], 'r'),
      ...node('Relu', [`r${i}`], 'a'),
      ...node('Add', [`a${i}`, input], 'y'),
    ])
  })
  const graph = Buffer.concat([
    ...parts,
    Uint8Array.from([...block(11, value('x')), ...block(12, value(`y${layers - 1}`))]),
  ])
  const head = [...int(1, 8), ...block(8, int(2, 18)), ...key(7, 2), ...varint(graph.length)]
  writeFileSync(file, Buffer.concat([Uint8Array.from(head), graph]))
}

function put(handle, bytes, at) {
  return at + writeSync(handle, Uint8Array.from(bytes), 0, bytes.length, at)
}

function varint(value) {
  const out = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest]
    out.push((rest % 128) + 128)
  }
}

function key(field, type) {
  return varint(field * 8 + type)
}

function int(field, value) {
  return [...key(field, 0), ...varint(value)]
}

function block(field, content, before = []) {
  return [...before, ...key(field, 2), ...varint(content.length), ...content]
}

function text(field, value) {
  return block(field, [...new TextEncoder().encode(value)])
}
