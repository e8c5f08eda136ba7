import assert from 'node:assert/strict'

/** What the comment at the head of an example says: how it is called, and what it prints then. */
export interface Told {
  /** Behind `node` or `npx tsx`. */
  arguments: string[]
  /** Lines; `…` alone stands for any number of them. */
  output: string[]
}

/** Reads `// $ node examples/NAME.js ARGUMENTS` and the comment lines below it. */
export function told(text: string): Told {
  const lines =
    /^(\/\/.*\n)+/
      .exec(text)?.[0]
      .split('\n')
      .map((line) => line.replace(/^\/\/ {0,3}/, '')) ?? []
  const at = lines.findIndex((line) => /^\$ (node|npx tsx) /.test(line))
  assert.ok(at >= 0, 'its head does not say how it is called: `// $ node examples/NAME.js ARGUMENTS`')
  const output = lines.slice(at + 1, -1)
  assert.ok(output.length > 0, 'its head does not say what it prints')
  return { arguments: (lines[at] as string).replace(/^\$ (node|npx tsx) /, '').split(' '), output }
}

/** What was printed is what the head says, `…` being any lines. */
export function assertPrinted(printed: string, { output }: Told): void {
  const pieces = output.map((line) => (line === '…' ? '(?:.*\n)*' : `${escaped(line)}\n`))
  if (!new RegExp(`^${pieces.join('')}$`).test(printed)) assert.equal(printed, `${output.join('\n')}\n`)
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
