import { z } from 'zod'
import { didYouMean, type Problems } from '../errors/index.js'

/** Adds one E105 for every key that the schema does not name, with names that are near. For files written by hand, where a typing error must not pass for a default. */
export function refuseUnknownKeys(schema: z.ZodType, value: unknown, where: string, problems: Problems): void {
  visit([schema], value, '', (pointer, key, known) =>
    problems.add('E105', `${key} is no setting`, {
      where: `${where}#${pointer}/${key}`,
      expected: known.join(', '),
      found: key,
      fix: didYouMean(key, known) || undefined,
    }),
  )
}

type Report = (pointer: string, key: string, known: readonly string[]) => void

/** `schemas`: all that may stand here, as the branches of a union. Keys of records and loose objects are free. */
function visit(schemas: readonly z.ZodType[], value: unknown, pointer: string, report: Report): void {
  if (typeof value !== 'object' || value === null) return
  const branches = schemas.flatMap(alternatives)
  if (Array.isArray(value)) {
    value.forEach((item, i) => {
      visit(
        branches.flatMap((branch) => itemSchemas(branch, i)),
        item,
        `${pointer}/${i}`,
        report,
      )
    })
    return
  }
  const records = branches.flatMap((each) => (each instanceof z.ZodRecord ? [each.valueType as z.ZodType] : []))
  const objects = branches.flatMap((each) => (each instanceof z.ZodObject ? [each] : []))
  const isFree =
    records.length > 0 || objects.length === 0 || objects.some(({ def }) => def.catchall && !isNever(def.catchall))
  const known = new Set(objects.flatMap(({ shape }) => Object.keys(shape)))
  for (const [key, inner] of Object.entries(value)) {
    if (!isFree && !known.has(key)) report(pointer, key, [...known])
    else {
      const here = objects.flatMap(({ shape }) => (Object.hasOwn(shape, key) ? [shape[key] as z.ZodType] : []))
      visit([...records, ...here], inner, `${pointer}/${key}`, report)
    }
  }
}

/** A schema without what wraps it, a union as its branches. */
function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(alternatives)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return alternatives(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodPipe) return alternatives(schema.in as z.ZodType)
  return [schema]
}

function itemSchemas(schema: z.ZodType, i: number): z.ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType]
  const item = schema instanceof z.ZodTuple ? schema.def.items[i] : undefined
  return item ? [item as z.ZodType] : []
}

function isNever(schema: unknown): boolean {
  return schema instanceof z.ZodNever
}
