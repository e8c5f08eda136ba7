import { spawn } from 'node:child_process'

/**
 * Milliseconds from the start of a process with these arguments of Node.js to the first line of its standard error that
 * matches. Then it is ended.
 */
export function untilLine(arguments_: readonly string[], line: RegExp): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      if (!line.test(text)) return
      resolve(performance.now() - began)
      child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => reject(new Error(`no line matches ${line}: ${text}`)))
  })
}
