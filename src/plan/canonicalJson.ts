/**
 * JSON with sorted keys, LF and a trailing newline: equal values give equal bytes. Arrays of scalars stay on one line, so that a placement shows
 * one op a line in a diff and an order one entry a line.
 */
export function canonicalJson(value: unknown): string {
  return `${write(value, '')}\n`
}

function write(value: unknown, indent: string): string {
  if (Array.isArray(value)) return writeArray(value, indent)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
  if (keys.length === 0) return '{}'
  const inner = `${indent}  `
  return `{\n${keys.map((key) => `${inner}${JSON.stringify(key)}: ${write(record[key], inner)}`).join(',\n')}\n${indent}}`
}

function writeArray(values: readonly unknown[], indent: string): string {
  if (values.length === 0) return '[]'
  const isShort = values.length <= 16 && values.every((value) => typeof value !== 'object' || value === null)
  if (isShort) return `[${values.map((value) => write(value, indent)).join(', ')}]`
  const inner = `${indent}  `
  return `[\n${values.map((value) => `${inner}${write(value, inner)}`).join(',\n')}\n${indent}]`
}
