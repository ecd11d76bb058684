// A program with the real base command and real main, and verbs made for tests.
import { main } from '../../../dist/src/cli/main.js'

await main(import.meta.url)
