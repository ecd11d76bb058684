/** What the reader keeps of an ONNX file: structure and small constants' whereabouts, never weights. Field meanings: onnx.proto. */
export interface Model {
  readonly irVersion: number
  readonly producer: string
  /** Operator set version by domain; '' is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>
  readonly graph: Graph
  /** By `functionKey`. */
  readonly functions: ReadonlyMap<string, FunctionBody>
}

export interface Graph {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly initializers: readonly TensorInfo[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly valueInfo: readonly ValueInfo[]
}

export interface FunctionBody {
  readonly domain: string
  readonly name: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly defaults: readonly Attribute[]
  readonly nodes: readonly Node[]
  readonly valueInfo: readonly ValueInfo[]
  readonly opsets: ReadonlyMap<string, number>
}

export interface Node {
  readonly name: string
  readonly type: string
  readonly domain: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly Attribute[]
  /** Dotted module path that the torch exporter recorded. */
  readonly module?: string
}

export interface Attribute {
  readonly name: string
  readonly int?: number
  readonly float?: number
  readonly text?: string
  readonly ints?: readonly number[]
  readonly floats?: readonly number[]
  readonly texts?: readonly string[]
  readonly tensor?: TensorInfo
  readonly graph?: Graph
  /** Name of the enclosing function's attribute that this one stands for. */
  readonly reference?: string
}

/** A dimension: its number, its symbol or expression, or null when the file says nothing. */
export type Dimension = number | string | null

export interface ValueInfo {
  readonly name: string
  /** 0: not a tensor, or not stated. */
  readonly type: number
  /** Absent: rank unknown. */
  readonly dims?: readonly Dimension[]
}

export interface TensorInfo {
  readonly name: string
  readonly type: number
  readonly dims: readonly number[]
  /** Where the numbers stand in the file; absent when they are external or too many to matter. */
  readonly data?: TensorData
  /** Which bytes of which external file they are. */
  readonly external?: string
}

export interface TensorData {
  readonly raw?: { readonly offset: number; readonly length: number }
  readonly numbers?: readonly number[]
}

export const functionKey = (domain: string, name: string, overload: string): string => `${domain}\n${name}\n${overload}`

export const normalDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)
