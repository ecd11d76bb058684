import { rootHelp } from './rootHelp.js'

/**
 * Runs the command named by `argv`; `entry` is the executable's URL, by which oclif finds its package. Every failure ends here:
 * oclif's own handler would lose the exit code and cut piped output short. SIGINT keeps its default, death by the signal
 * (a shell says 130): a handler would have to wait until a long computation lets the event loop turn.
 */
export async function main(entry: string, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  process.on('uncaughtException', async (error) => {
    await report(error, argv)
    process.exit()
  })
  try {
    const help = rootHelp(argv, entry, process.stdout.columns ?? 80)
    if (help !== undefined) {
      process.stdout.write(help)
      return
    }
    const { run } = await import('@oclif/core/run')
    await run([...argv], entry)
  } catch (error) {
    await report(error, argv)
  }
}

/** Imported when needed: a run without failures need not load colours and messages. */
async function report(error: unknown, argv: readonly string[]): Promise<void> {
  const { reportFailure } = await import('./failure.js')
  reportFailure(error, argv)
}
