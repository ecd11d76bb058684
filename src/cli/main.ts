import { run } from '@oclif/core'
import { reportFailure } from './failure.js'

/**
 * Runs the command named by `argv`; `entry` is the executable's URL, by which oclif finds its package. Every failure ends here:
 * oclif's own handler would lose the exit code and cut piped output short. SIGINT keeps its default, death by the signal
 * (a shell says 130): a handler would have to wait until a long computation lets the event loop turn.
 */
export async function main(entry: string, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  process.on('uncaughtException', (error) => {
    reportFailure(error, argv)
    process.exit()
  })
  try {
    await run([...argv], entry)
  } catch (error) {
    reportFailure(error, argv)
  }
}
