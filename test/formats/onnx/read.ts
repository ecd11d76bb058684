import { UserError } from '../../../src/errors/index.js'
import { type OnnxImport, readOnnx } from '../../../src/formats/onnx/index.js'
import { bytesSource } from '../../../src/formats/source.js'
import type { OpDescription, OutputDescription } from '../../../src/graph/description.js'
import { type GraphParts, model } from './build.js'

export function read(file: Uint8Array, bind: Readonly<Record<string, number>> = {}): OnnxImport {
  return readOnnx(bytesSource('test.onnx', file), { name: 'test', bind: new Map(Object.entries(bind)) })
}

export const readGraph = (parts: GraphParts, opset?: number): OnnxImport => read(model(parts, opset))

export function op(result: OnnxImport, name: string): OpDescription {
  const found = result.description.ops.find((o) => o.name === name)
  if (!found) throw new Error(`no op ${name}: ${result.description.ops.map((o) => o.name).join(', ')}`)
  return found
}

export function output(result: OnnxImport, name: string): OutputDescription {
  const found = result.description.ops.flatMap((o) => o.outputs ?? []).find((t) => t.name === name)
  if (!found) throw new Error(`no output ${name}`)
  return found
}

export function failure(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it did not fail')
}
