import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { file } from '../../lib/outputs/file/index.js'
import { pipelineTo } from '../pipeline/fake-output.js'
import { outputContext } from '../support/output-context.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-output-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const context = outputContext()
const open = (options: object = {}) => file.open(file.options.parse({ path: folder, ...options }), context)

/** Writes events through a pipeline, as a run does. */
async function write(events: readonly unknown[], options: object = {}): Promise<void> {
  const parsed = file.options.parse({ path: folder, ...options })
  const { pipeline } = pipelineTo(await file.open(parsed, context), {
    wants: file.wants(parsed),
    delivery: file.delivery?.(parsed),
  })
  const sink = pipeline.sink('wait')
  for (const event of events) {
    if (sink.wants === 'text') sink.text(JSON.stringify(event))
    else sink.document(event as Record<string, unknown>)
  }
  await pipeline.close()
}

const files = () => readdirSync(folder).sort((a, b) => number(a) - number(b))
const number = (name: string) => Number(/-(\d+)\.ndjson$/.exec(name.replace(/-\d{8}/, ''))?.[1] ?? 0)
const read = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
const now = new Date()
const today = `${now.getFullYear()}${String(now.getMonth() + 1).padStart(2, '0')}${String(now.getDate()).padStart(2, '0')}`
const events = (count: number) => Array.from({ length: count }, (_, id) => ({ id, text: 'x'.repeat(100) }))

describe('the file output', () => {
  it('writes a line for each event into a file of today that only its owner can read', async () => {
    await write(events(25))
    assert.deepEqual(files(), [`packetbeat-${today}.ndjson`])
    assert.deepEqual(read(files()[0] as string), events(25))
    assert.equal(statSync(join(folder, files()[0] as string)).mode & 0o777, 0o600)
  })

  it('sets the permissions as configured, whatever the umask', async () => {
    const before = process.umask(0o077)
    try {
      await write(events(1), { permissions: '0644', filename: 'other' })
    } finally {
      process.umask(before)
    }
    assert.equal(statSync(join(folder, `other-${today}.ndjson`)).mode & 0o777, 0o644)
  })

  it('begins a new file at each start, and adds to the last one when told to', async () => {
    await write(events(1))
    await write(events(2))
    await write(events(3))
    const name = `packetbeat-${today}`
    assert.deepEqual(files(), [`${name}.ndjson`, `${name}-1.ndjson`, `${name}-2.ndjson`])
    await write(events(4), { rotate_on_startup: false })
    assert.equal(read(`${name}-2.ndjson`).length, 7)
    assert.equal(files().length, 3)
  })

  it('does not add to a file whose last line is broken', async () => {
    writeFileSync(join(folder, `packetbeat-${today}.ndjson`), '{"id":1}\n{"id"')
    await write(events(1), { rotate_on_startup: false })
    assert.deepEqual(files(), [`packetbeat-${today}.ndjson`, `packetbeat-${today}-1.ndjson`])
  })

  it('rotates before a file grows too large, at the ends of lines, and keeps the last files', async () => {
    await write(events(100), { rotate_every_kb: 1, number_of_files: 3 })
    const kept = files()
    assert.equal(kept.length, 3)
    for (const name of kept) assert.ok(statSync(join(folder, name)).size <= 1024)
    const last = kept.flatMap(read)
    assert.deepEqual(last, events(100).slice(-last.length))
    assert.ok(last.length > 16)
  })

  it('loses nothing over many rotations', async () => {
    await write(events(200), { rotate_every_kb: 1, number_of_files: 1000 })
    assert.deepEqual(files().flatMap(read), events(200))
  })

  it('gives an event that is larger than a file one of its own', async () => {
    const large = { id: 1, text: 'y'.repeat(3000) }
    await write([{ id: 0 }, large, { id: 2 }], { rotate_every_kb: 1 })
    assert.deepEqual(files().map(read), [[{ id: 0 }], [large], [{ id: 2 }]])
  })

  it('makes the folder, with the date in its name', async () => {
    await write(events(1), { path: `${folder}/deep/%{+yyyy}/%{[agent.version]}` })
    assert.equal(readdirSync(join(folder, 'deep', String(now.getUTCFullYear()), '1.2.3')).length, 1)
  })

  it('leaves no file behind when there was no event', async () => {
    await write([])
    assert.deepEqual(files(), [])
  })

  it('does not touch files of others', async () => {
    const others = [
      'packetbeat-2020.ndjson',
      'packetbeat-20200101.log',
      'packetbeat-x-20200101.ndjson',
      'packetbeat-20200101-1.ndjson.gz',
    ]
    for (const name of others) writeFileSync(join(folder, name), 'x')
    await write(events(100), { rotate_every_kb: 1, number_of_files: 2 })
    for (const name of others) assert.ok(existsSync(join(folder, name)), name)
  })

  it('prints as the codec says', async () => {
    await write([{ a: '<&>' }], { codec: { json: { escape_html: true } } })
    assert.equal(readFileSync(join(folder, files()[0] as string), 'utf8'), '{"a":"\\u003c\\u0026\\u003e"}\n')
    await write([{ a: 1 }], { codec: { json: { pretty: true } } })
    assert.equal(readFileSync(join(folder, files()[1] as string), 'utf8'), '{\n  "a": 1\n}\n')
  })

  it('rejects the events that lack a field of the format, and writes the others', async () => {
    const output = await open({ codec: { format: { string: '%{[a]} %{[b]:none}' } } })
    const { pipeline, warnings } = pipelineTo(output, { wants: 'document' })
    for (const event of [{ a: 1 }, { b: 2 }, { a: 3, b: 4 }]) pipeline.sink('wait').document(event)
    await pipeline.close()
    assert.equal(readFileSync(join(folder, files()[0] as string), 'utf8'), '1 none\n3 4\n')
    assert.equal(pipeline.counters()['pipeline.events.rejected'], 1)
    assert.match(warnings[0] as string, /codec\.format\.string/)
  })

  const refused: [object, RegExp][] = [
    [{ path: '' }, /folder/],
    [{ filename: 'a/b' }, /without a folder/],
    [{ number_of_files: 1 }, /2/],
    [{ permissions: '0999' }, /file mode/],
    [{ path: '%{[a' }, /without its \}/],
    [{ path: '%{+QQ}' }, /means nothing/],
    [{ codec: { json: {}, format: { string: 'x' } } }, /one of json and format/],
  ]
  for (const [options, message] of refused)
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => file.options.parse({ path: '/tmp', ...options }), message)
    })
})

describe('a place that cannot be written to', () => {
  it('is told at the start: a file instead of a folder', async () => {
    writeFileSync(join(folder, 'taken'), '')
    await assert.rejects(open({ path: join(folder, 'taken') }), {
      code: 'ERR_OUTPUT_OPEN',
      message: /cannot open the output .*taken: a file of that name is in the way/,
    })
    await assert.rejects(open({ path: join(folder, 'taken', 'below') }), {
      code: 'ERR_OUTPUT_OPEN',
      message: /a part of that path is a file/,
    })
  })

  it('is told at the start: no permission', {
    skip: process.getuid?.() === 0 && 'root may write everywhere',
  }, async () => {
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0o500)
    await assert.rejects(open({ path: join(folder, 'closed') }), {
      code: 'ERR_OUTPUT_OPEN',
      message: /permission is denied/,
    })
  })
})

describe('a full disk', { skip: smallDisk() }, () => {
  it('ends the output with one sentence; what was written is whole lines', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
    try {
      const { pipeline, ends } = pipelineTo(await open({ path: disk }), {
        queue: { events: 3200, flush: { min_events: 1600, timeout: 60e9 } },
      })
      const sink = pipeline.sink('wait')
      for (const event of events(2000)) sink.text(JSON.stringify(event))
      await assert.rejects(pipeline.close(), {
        code: 'ERR_OUTPUT_WRITE',
        message:
          /^cannot write to the output .*ndjson: no space is left there; free some or choose another place$/,
      })
      assert.equal(ends.length, 1)
      const name = readdirSync(disk)[0] as string
      const text = readFileSync(join(disk, name), 'utf8')
      assert.ok(text.endsWith('\n'))
      const written = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
      assert.ok(written.length > 400)
      assert.deepEqual(written, events(2000).slice(0, written.length))
      const counters = pipeline.counters()
      assert.equal(counters['pipeline.events.acked'], written.length)
      assert.equal(
        (counters['pipeline.events.abandoned'] as number) + (counters['pipeline.events.dropped'] as number),
        2000 - written.length,
      )
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

function smallDisk(): string | false {
  if (process.platform !== 'linux') return 'needs a tmpfs of Linux'
  return process.getuid?.() === 0 ? false : 'needs root to mount a small tmpfs'
}
