import type { z } from 'zod'

/** What an issue of zod's expected, in our words. Schemas whose checks say it better give a message of their own, which is taken as it is. */
export function expectation(issue: z.core.$ZodIssue): string {
  if (!zodsOwn.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? `a value of type ${issue.expected}`
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'above' : 'of at least', Number(issue.minimum))
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'below' : 'of at most', Number(issue.maximum))
    case 'unrecognized_keys':
      return 'no such key'
    case 'invalid_union':
      return inWords([...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectation)))])
    case 'invalid_format':
      return formats[issue.format] ?? 'text of another form'
    default:
      return 'another value'
  }
}

/** How zod's messages begin. */
const zodsOwn = /^(Invalid|Too |Unrecognized)/

const types: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text in double quotes',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
}

const formats: Readonly<Record<string, string>> = { date: 'a date such as 2026-01-31', safeint: 'a whole number' }

function oneOf(values: readonly unknown[]): string {
  const [first] = values
  if (values.length > 1) return `one of ${values.map(String).join(', ')}`
  return typeof first === 'string' ? `"${first}"` : String(first)
}

function bound(origin: string, relation: string, limit: number): string {
  if (origin === 'string') return limit === 1 ? 'text that is not empty' : `text ${relation} ${limit} characters`
  if (origin === 'array') return `a list ${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return `a number ${relation} ${limit}`
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? 'another value') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`
}
