import type { Hook } from '@oclif/core'
import { fail } from '../errors/index.js'
import { nearest } from './usage.js'

/** oclif calls this for a verb it does not know. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  fail('E100', `unknown ${id.startsWith('-') ? 'flag' : 'command'} ${id}`, {
    fix: nearest(id, config.commandIDs) ?? 'see stowage --help',
  })
}

export default commandNotFound
