import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../../../dist/src/cli/base.js'
import { fail, InternalError, UserError } from '../../../../dist/src/errors/index.js'

/** Each way a command may end. */
const ways = {
  ok: () => {},
  no: () => {
    process.exitCode = 1
  },
  input: () => fail('E104', 'not JSON', { where: 'a.json:1:2', expected: 'a value', found: '"}"', fix: 'mend it' }),
  many: () => {
    throw new UserError([
      { code: 'E201', message: 'first' },
      { code: 'E202', message: 'second' },
    ])
  },
  infeasible: () => fail('E301', 'no plan fits'),
  stale: () => fail('E401', 'inputs changed'),
  solver: () => fail('E701', 'wrong answer'),
  broken: () => {
    throw new InternalError('an invariant failed')
  },
  unknown: () => undefined.field,
  thrown: () => Promise.reject('a string'),
  later: () => new Promise(() => setTimeout(() => undefined.field, 1)),
  interrupted: () => {
    process.kill(process.pid, 'SIGINT')
    return new Promise((resolve) => setTimeout(resolve, 5000))
  },
}

export default class End extends BaseCommand {
  static args = { way: Args.string({ required: true, options: Object.keys(ways) }) }

  async run() {
    await ways[this.args.way]()
    this.note('a remark')
    this.answer({ answer: 'yes · 7' }, { text: (style) => `${style.good('yes')} · 7\n` })
  }
}
