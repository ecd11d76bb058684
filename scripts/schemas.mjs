// Writes docs/schemas/NAME.schema.json for every format, from the built zod schemas.
import { writeFileSync } from 'node:fs'
import { jsonSchemaOf, schemas } from '../dist/src/formats/schemas.js'

for (const name of Object.keys(schemas)) {
  const file = new URL(`../docs/schemas/${name}.schema.json`, import.meta.url)
  writeFileSync(file, `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`)
}
