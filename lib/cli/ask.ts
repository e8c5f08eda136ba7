import { Writable } from 'node:stream'
import { UserError } from '../errors.js'
import type { Io } from './io.js'

/** Asks a question that yes or no answers. Without a terminal nobody can answer: that is a no. */
export async function confirmed(io: Io, question: string): Promise<boolean> {
  if (io.stdin?.isTTY !== true) return false
  return /^y(es)?$/i.test((await answer(io, `${question} [y/N] `, true)).trim())
}

/**
 * A secret: the first line of standard input, or what is typed on the terminal, unseen. `most`: bytes.
 * @throws {UserError} 'ERR_USAGE' without anything to read from.
 */
export async function secretFrom(io: Io, piped: boolean, prompt: string, most: number): Promise<string> {
  if (io.stdin === undefined || (!piped && io.stdin.isTTY !== true))
    throw new UserError(
      'ERR_USAGE',
      'there is no terminal to ask for the secret; --stdin reads it from standard input.',
    )
  return piped ? firstLine(io.stdin, most) : answer(io, prompt, false)
}

async function firstLine(stream: NodeJS.ReadableStream, most: number): Promise<string> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    const bytes = Buffer.from(piece as Buffer)
    pieces.push(bytes)
    length += bytes.length
    if (length > most) throw new UserError('ERR_USAGE', `the secret is longer than ${most} bytes.`)
    if (bytes.includes(10)) break
  }
  return Buffer.concat(pieces).toString().split(/\r?\n/, 1)[0] as string
}

async function answer(io: Io, prompt: string, seen: boolean): Promise<string> {
  const { createInterface } = await import('node:readline')
  io.stderr.write(prompt)
  const echo = new Writable({
    write: (text, _encoding, done) => {
      if (seen) io.stderr.write(String(text))
      done()
    },
  })
  const lines = createInterface({ input: io.stdin as NodeJS.ReadableStream, output: echo, terminal: true })
  return new Promise((resolve) => {
    let line = ''
    lines.once('line', (text) => {
      line = text
      lines.close()
    })
    // Ctrl-C and the end of the input: as if nothing had been typed.
    lines.once('close', () => {
      if (!seen) io.stderr.write('\n')
      resolve(line)
    })
  })
}
