import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dhcpv4 } from '../../../lib/protocols/dhcpv4/index.js'
import { optionName } from '../../../lib/protocols/dhcpv4/option-names.js'
import { optionFields, readOptions } from '../../../lib/protocols/dhcpv4/options.js'
import { Dialogue } from '../../support/dialogue.js'
import { END, ip, message, name, option } from './builder.js'
import { examples, wrong } from './examples.js'

/** What comes of a message: what its event says of DHCP, its notes, and what was counted. */
function told(bytes: Buffer) {
  const { events, counts } = new Dialogue(dhcpv4, {}, { transport: 17 }).client(bytes).close()
  const [{ dhcpv4: read, error }] = events as [{ dhcpv4: Read; error?: { message: string | string[] } }]
  return { ...read, option: read.option ?? {}, notes: error?.message, counts }
}

interface Read {
  option?: Record<string, unknown>
  server_name?: string
  boot_file_name?: string
}

/** What the event of a message says of its options. */
const shown = (parts: Parameters<typeof message>[0]) => told(message(parts)).option

const A = '192.0.2.1'
const B = '192.0.2.2'

describe('dhcpv4 options', () => {
  for (const [code, data, fields] of examples)
    it(`show ${code}, ${optionName(code)}, as ${JSON.stringify(fields).slice(0, 60)}`, () => {
      const { message_type: type, ...rest } = shown({ options: [option(code, data)] })
      assert.deepEqual(type === undefined ? rest : { message_type: type }, fields)
    })

  it('all have an example', () => {
    const tried = new Set(examples.flatMap(([, , fields]) => Object.keys(fields)))
    const untried = Object.keys(optionFields)
      .map((field) => field.split('.')[2] as string)
      .filter((field) => !tried.has(field) && field !== 'overload')
    assert.deepEqual(untried, [])
  })

  it('have names that JSON writes as they are, as their printer takes for granted', () => {
    for (let code = 0; code < 256; code++)
      assert.equal(JSON.stringify(optionName(code)), `"${optionName(code)}"`)
  })

  it('that stand in several places are one: RFC 3396', () => {
    const routes = Buffer.concat([Buffer.of(8, 10), ip(A), Buffer.of(16, 172, 16), ip(B)])
    for (let at = 0; at <= routes.length; at++)
      assert.deepEqual(
        shown({
          options: [
            option(121, routes.subarray(0, at)),
            option(12, 'laptop'),
            option(121, routes.subarray(at)),
          ],
        }),
        { hostname: 'laptop', classless_static_routes: [`10.0.0.0/8 via ${A}`, `172.16.0.0/16 via ${B}`] },
      )
    const long = 'x'.repeat(600)
    assert.deepEqual(shown({ options: [0, 255, 510].map((at) => option(67, long.slice(at, at + 255))) }), {
      boot_file_name: long,
    })
  })

  it('go on in file and then in sname, where an option says so', () => {
    const overloaded = (how: number) =>
      told(
        message({
          file: Buffer.concat([option(67, 'unix'), option(15, 'one.'), END]),
          sname: Buffer.concat([option(15, 'example'), END]),
          options: [option(52, Buffer.of(how)), option(12, 'laptop')],
        }),
      )
    const both = overloaded(3)
    assert.deepEqual(both.option, {
      overload: 'file and sname',
      hostname: 'laptop',
      boot_file_name: 'unix',
      domain_name: 'one.example',
    })
    assert.deepEqual([both.server_name, both.boot_file_name], [undefined, undefined])
    assert.equal(overloaded(1).option.domain_name, 'one.')
    assert.equal(overloaded(1).server_name, '\x0f\x07example\ufffd')
    assert.equal(overloaded(2).option.domain_name, 'example')
    assert.deepEqual(overloaded(4).option, { overload: 'unknown (4)', hostname: 'laptop' })
  })

  it('end at their end, whatever follows, and may have pads between them', () => {
    const pad = Buffer.of(0, 0)
    assert.deepEqual(shown({ options: [pad, option(12, 'laptop'), pad, END, option(15, 'example')] }), {
      hostname: 'laptop',
    })
  })

  it('need no end', () => {
    const { option: options, counts } = told(message({ options: [option(12, 'laptop')] }).subarray(0, -1))
    assert.deepEqual(options, { hostname: 'laptop' })
    assert.equal(counts.broken_options, undefined)
  })

  it('are shown up to the one that goes on past the message, with a note', () => {
    for (const rest of [Buffer.of(15), Buffer.of(15, 9), Buffer.of(15, 9, 0x61)]) {
      const whole = message({ options: [option(12, 'laptop')] })
      const { option: options, notes, counts } = told(Buffer.concat([whole.subarray(0, -1), rest]))
      assert.deepEqual(options, { hostname: 'laptop' })
      assert.deepEqual(notes, ['The last option goes on past the end of the message', 'Unmatched request'])
      assert.equal(counts.broken_options, 1)
    }
  })

  it('that nobody knows are shown by their bytes, the first 255 of them', () => {
    assert.deepEqual(shown({ options: [option(224, 'private'), option(83, '')] }), {
      other: ['224:0x70726976617465', '83:0x'],
    })
    const half = option(224, 'a'.repeat(200))
    const { option: options, counts } = told(message({ options: [half, half] }))
    assert.deepEqual(options, { other: [`224:0x${'61'.repeat(255)}`] })
    assert.equal(counts.shortened_options, 1)
  })

  for (const [code, data] of wrong)
    it(`show the bytes of ${code} when it is ${Buffer.from(data).toString('hex') || 'empty'}`, () => {
      const { message_type: _, relay_agent, ...rest } = shown({ options: [option(code, data)] })
      const expected = { other: [`${code}:0x${Buffer.from(data).toString('hex')}`] }
      // Sub-options that are wrong are shown by themselves.
      assert.deepEqual(relay_agent ?? rest, relay_agent === undefined ? expected : { other: ['12:0x'] })
    })

  it('may have 256 values, but names that point into each other do not make an event of megabytes', () => {
    const many = (count: number) =>
      shown({
        options: [
          Buffer.concat([name('a'.repeat(60)), ...Array(count - 1).fill(Buffer.of(0xc0, 0))]),
        ].flatMap((bytes) =>
          Array.from({ length: Math.ceil(bytes.length / 255) }, (_, i) =>
            option(119, bytes.subarray(255 * i, 255 * i + 255)),
          ),
        ),
      })
    assert.equal((many(256).domain_search as string[]).length, 256)
    assert.equal(many(257).domain_search, undefined)
    assert.equal((many(257).other as string[]).length, 1)
  })

  it('take time in proportion to their bytes, however they are split', () => {
    const bytes = Buffer.concat(Array(21_000).fill(option(121, Buffer.of(8))))
    const start = process.cpuUsage()
    const area = { start: 0, end: bytes.length }
    const { other } = readOptions(bytes, area, { start: 0, end: 0 }, { start: 0, end: 0 })
    const { user, system } = process.cpuUsage(start)
    assert.equal(other.length, 1)
    assert.ok(user + system < 200_000, `${(user + system) / 1000} ms`)
  })
})
