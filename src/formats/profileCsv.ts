import type { ProfileRow } from '../cost/index.js'
import { fail, Problems } from '../errors/index.js'

/**
 * Measured times as comma-separated values with a line of column names: op and seconds, and if wanted device kind and bytes (of memory that the
 * op needs beside inputs and outputs while it runs). Other columns are ignored; a field may be quoted (RFC 4180). An empty device kind is any.
 */
export function readProfileCsv(text: string, where: string): ProfileRow[] {
  const problems = new Problems()
  const rows: ProfileRow[] = []
  const seen = new Set<string>()
  let columns: Columns | undefined
  for (const { fields, line } of records(text.startsWith('\uFEFF') ? text.slice(1) : text, where)) {
    const at = `${where}:${line}`
    if (!columns) {
      columns = readHeader(fields, at)
      continue
    }
    if (fields.length === 1 && fields[0].trim() === '') continue
    const row = readRow(fields, columns, at, problems)
    const key = JSON.stringify([row.op, row.deviceKind])
    if (seen.has(key))
      problems.add('E202', `${row.op} is measured twice on ${row.deviceKind ?? 'any kind'}`, { where: at })
    seen.add(key)
    rows.push(row)
  }
  problems.throwIfAny()
  return rows
}

interface Columns {
  readonly op: number
  readonly seconds: number
  readonly deviceKind: number
  readonly bytes: number
}

/** "device kind", "deviceKind" and "device_kind" are one. */
const names: Readonly<Record<keyof Columns, readonly string[]>> = {
  op: ['op', 'name', 'node'],
  seconds: ['seconds'],
  deviceKind: ['devicekind', 'kind', 'device'],
  bytes: ['bytes', 'temporarybytes'],
}

function readHeader(fields: readonly string[], at: string): Columns {
  const found = fields.map((field) => field.trim().toLowerCase().replace(/[ _]/g, ''))
  const column = (key: keyof Columns) => found.findIndex((name) => names[key].includes(name))
  const columns = {
    op: column('op'),
    seconds: column('seconds'),
    deviceKind: column('deviceKind'),
    bytes: column('bytes'),
  }
  if (columns.op < 0 || columns.seconds < 0) {
    fail('E105', 'the first line does not name the columns', {
      where: at,
      expected: 'op, seconds, and if wanted device kind and bytes',
      found: fields.join(',').slice(0, 60) || 'nothing',
    })
  }
  return columns
}

function readRow(fields: readonly string[], columns: Columns, at: string, problems: Problems): ProfileRow {
  const text = (column: number) => fields[column]?.trim() ?? ''
  const quantity = (column: number, what: string, largest: number) => {
    const value = text(column) === '' ? Number.NaN : Number(text(column))
    if (Number.isNaN(value)) {
      problems.add('E105', `${what} is wrong`, { where: at, expected: 'a number', found: text(column) || 'nothing' })
    } else if (!(value >= 0 && value <= largest)) {
      problems.add('E204', `${what} is ${value}`, {
        where: at,
        expected: `a number from 0 to ${largest}`,
        found: text(column),
      })
    }
    return value
  }
  const op = text(columns.op)
  if (op === '') problems.add('E105', 'the line names no op', { where: at })
  const deviceKind = text(columns.deviceKind)
  return {
    op,
    ...(deviceKind && { deviceKind }),
    seconds: quantity(columns.seconds, 'seconds', 1e7),
    ...(text(columns.bytes) && { temporaryBytes: quantity(columns.bytes, 'bytes', 1e18) }),
  }
}

/** A table of measured ops has a handful. */
const mostColumns = 1000

/** Lines split into fields; a quoted field may hold commas, line ends and doubled quotes. */
function* records(text: string, where: string): Generator<{ fields: string[]; line: number }> {
  const field = /"((?:[^"]|"")*)"|([^,\r\n]*)/y
  let line = 1
  for (let at = 0; at < text.length; ) {
    const first = line
    const fields: string[] = []
    for (let more = true; more; ) {
      field.lastIndex = at
      const [whole, quoted, bare] = field.exec(text)!
      if (quoted === undefined && bare.startsWith('"'))
        fail('E105', 'a quote is not closed', { where: `${where}:${line}` })
      for (const character of whole) if (character === '\n') line++
      if (fields.push(quoted?.replaceAll('""', '"') ?? bare) > mostColumns)
        fail('E107', `a line has more than ${mostColumns} fields`, { where: `${where}:${line}` })
      at += whole.length
      more = text[at] === ','
      if (more) at++
    }
    if (text[at] === '\r') at++
    if (text[at] === '\n') at++
    else if (at < text.length && text[at - 1] !== '\r')
      fail('E105', 'text follows a quoted field', {
        where: `${where}:${line}`,
        expected: 'a comma or the end of the line',
      })
    line++
    yield { fields, line: first }
  }
}
