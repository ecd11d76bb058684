import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { jsonSchemaOf, schemas } from '../../src/formats/schemas.js'

const folder = new URL('../../docs/schemas/', import.meta.url)
const names = Object.keys(schemas)

describe('docs/schemas', () => {
  test.each(names)('%s is what `npm run schemas` writes', (name) => {
    const checkedIn = JSON.parse(readFileSync(new URL(`${name}.schema.json`, folder), 'utf8'))
    expect(checkedIn).toEqual(jsonSchemaOf(name))
    // A prediction is one of two documents of the same kind.
    for (const document of checkedIn.anyOf ?? [checkedIn]) expect(document.properties.kind.const).toBe(name)
  })

  test('holds no schema of a format that is gone', () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.schema.json`).sort())
  })
})
