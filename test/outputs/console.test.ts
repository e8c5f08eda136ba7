import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('write-to-stdout.ts', import.meta.url))

/** Runs the program behind a shell's redirection. */
async function run(
  arguments_: string,
  rest = '',
): Promise<{ out: string; result: Record<string, unknown>; status: number }> {
  const child = spawn('bash', [
    '-c',
    `set -o pipefail; "${process.execPath}" --import tsx "${program}" ${arguments_} ${rest}`,
  ])
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text))
  const status = await new Promise<number>((resolve) => child.on('close', resolve))
  return { out, result: JSON.parse(err.slice(err.lastIndexOf('{'))), status }
}

const lines = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: number })

describe('the console output', () => {
  it('writes one JSON document a line, all of them, to a reader that takes its time', async () => {
    const { out, result, status } = await run('5000', '| (sleep 0.5; cat)')
    assert.deepEqual(
      lines(out).map(({ id }) => id),
      Array.from({ length: 5000 }, (_, id) => id),
    )
    assert.equal(result['pipeline.events.acked'], 5000)
    assert.equal(status, 0)
  })

  it('writes to a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-'))
    await run('5000', `> ${folder}/out`)
    assert.equal(lines(readFileSync(join(folder, 'out'), 'utf8')).length, 5000)
    rmSync(folder, { recursive: true })
  })

  it('writes indented lines when told to', async () => {
    const { out } = await run('1 pretty')
    assert.match(out, /^\{\n {2}"id": 0,\n {2}"text": "x+"\n\}\n$/)
  })

  it('ends quietly when its reader has enough', async () => {
    const { out, result, status } = await run('100000', '| head -n 3')
    assert.equal(lines(out).length, 3)
    assert.equal(result.ended, 'no reader')
    // What head leaves behind is no failure of ours.
    assert.equal(status, 0)
  })

  it('tells a full disk', { skip: !existsSync('/dev/full') && 'needs /dev/full' }, async () => {
    const { result } = await run('100', '> /dev/full')
    assert.equal(result.ended, 'ERR_OUTPUT_WRITE')
  })
})
