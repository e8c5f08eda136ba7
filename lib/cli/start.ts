import { outputError } from '../outputs/system-error.js'
import { main, tell } from './main.js'

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  // `| head` has seen enough: what was written stays, and nobody is left to complain to. What does not get out for another
  // reason is told at the end, unless the command itself noticed. Complaints that do not get out are nobody's.
  let unwritten: NodeJS.ErrnoException | undefined
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') unwritten ??= error
  })
  process.stderr.on('error', () => undefined)
  process.on('exit', (code) => {
    if (unwritten === undefined || code !== 0) return
    process.exitCode = tell(outputError('ERR_OUTPUT_WRITE', 'stdout', unwritten))
  })
  process.exitCode = await main(process.argv.slice(2))
}
