import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Processes as Addon, ProcessDetails } from '../../lib/binding.js'
import { Clock } from '../../lib/events/clock.js'
import { Endpoints } from '../../lib/events/endpoints.js'
import { defineFields, withMembers } from '../../lib/events/fields.js'
import { compileWriter } from '../../lib/events/writer.js'
import { processFields } from '../../lib/procs/fields.js'
import { openProcesses, Processes } from '../../lib/procs/processes.js'

const details = (pid: number, more: Partial<ProcessDetails> = {}): ProcessDetails => ({
  pid,
  parent: 1,
  start: Date.UTC(2024, 0, 2, 3, 4, 5, 670),
  name: `name${pid}`,
  args: [`name${pid}`, '-x', 'two words'],
  executable: `/bin/name${pid}`,
  workingDirectory: '/srv',
  ...more,
})

/** The addon as these tests want it: what it says of each ticket, one answer after another, and of each process. */
function addon(
  answers: [state: 0 | 1 | 2 | 3, source: number, destination: number][],
  known: ProcessDetails[] = [],
) {
  const found = new Uint32Array(2)
  const asked: number[] = []
  const fake: Addon = {
    found,
    find(ticket) {
      asked.push(ticket)
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? assert.fail()
      const [state, source, destination] = answer
      found.set([source, destination])
      return state
    },
    details: (number) => known[number - 1] ?? null,
    stats: () => ({ 'procs.asked': 1 }),
    close() {},
  }
  return { fake, asked }
}

const none = { monitored: [] }
const endpoints = (processes: Processes, ticket = 7) =>
  new Endpoints(new Clock(), 1, '192.0.2.1\x0192.0.2.2\0', 5000 * 65536 + 80, 6, 4, processes.owners(ticket))

describe('processes', () => {
  it('are asked for until the answer is final, and never after', () => {
    const { fake, asked } = addon(
      [
        [0, 0, 0],
        [1, 0, 2],
        [2, 1, 3],
      ],
      [details(11), details(12), details(13)],
    )
    const owners = new Processes(fake, none).owners(7)
    assert.equal(owners?.settled, false)
    assert.equal(owners.ask().destination?.pid, 12)
    assert.equal(owners.settled, false)
    assert.equal(owners.ask().source?.pid, 11)
    assert.equal(owners.settled, true)
    assert.equal(owners.ask().destination?.pid, 13)
    assert.deepEqual(asked, [7, 7, 7])
  })

  it('of a conversation turned round are turned round', () => {
    const { fake } = addon([[2, 1, 2]], [details(11), details(12)])
    const turned = endpoints(new Processes(fake, none)).reversed()
    assert.deepEqual([turned.owners?.source?.pid, turned.owners?.destination?.pid], [12, 11])
    assert.equal(turned.reversed().owners?.source?.pid, 11)
    assert.equal(turned.unsettled, false)
  })

  it('that are forgotten are counted and left out, and what is known is kept', () => {
    const { fake } = addon(
      [
        [1, 1, 0],
        [3, 0, 0],
      ],
      [details(11)],
    )
    const processes = new Processes(fake, none)
    const owners = processes.owners(7)
    assert.equal(owners?.ask().destination, undefined)
    assert.equal(owners?.source?.pid, 11)
    assert.equal(owners?.settled, true)
    assert.equal(processes.process(9), undefined)
    assert.deepEqual(processes.counters(), { 'procs.asked': 1, 'procs.forgotten': 2 })
  })

  it('without a ticket are not asked for', () => {
    const { fake, asked } = addon([[2, 1, 1]])
    assert.equal(new Processes(fake, none).owners(0), undefined)
    assert.deepEqual(asked, [])
  })

  it('show what is known, and leave out what is not', () => {
    const bare = details(12, { parent: 0, args: [], executable: '', workingDirectory: '' })
    const processes = new Processes(addon([[2, 0, 0]], [details(11), bare]).fake, none)
    assert.deepEqual(processes.process(1), {
      pid: 11,
      name: 'name11',
      args: ['name11', '-x', 'two words'],
      executable: '/bin/name11',
      parent: { pid: 1 },
      start: '2024-01-02T03:04:05.670Z',
      working_directory: '/srv',
    })
    assert.deepEqual(processes.process(2), { pid: 12, name: 'name12', start: '2024-01-02T03:04:05.670Z' })
    assert.equal(processes.process(0), undefined)
  })

  it('have the name of the first entry whose text is in the command line', () => {
    const monitored = [
      { process: 'none', cmdline_grep: 'elsewhere' },
      { process: 'first', cmdline_grep: '-x two' },
      { process: 'second', cmdline_grep: 'name11' },
    ]
    const processes = new Processes(addon([[2, 0, 0]], [details(11)]).fake, { monitored })
    assert.equal(processes.process(1)?.name, 'first')
  })

  it('are off when they are not configured, and when a file is read', () => {
    const watched = { devices: () => assert.fail(), udpPorts: [], notice: () => assert.fail() }
    assert.equal(openProcesses(undefined, [{ file: undefined }], watched), undefined)
    assert.equal(openProcesses(none, [{ file: 'a.pcap' }], watched), undefined)
  })
})

describe('fields of processes', () => {
  const ends = defineFields({
    'source.ip': { type: 'ip', description: '', value: (_, { sourceIp }) => sourceIp, ofConversation: true },
    'destination.ip': {
      type: 'ip',
      description: '',
      value: (_, end) => end.destinationIp,
      ofConversation: true,
    },
  })
  const writer = () => compileWriter({ ...ends, ...processFields() }, { type: 't' })

  it('are printed as the object form has them, known or not', () => {
    for (const [source, destination] of [
      [1, 2],
      [0, 2],
      [1, 0],
      [0, 0],
    ] as const) {
      const { fake } = addon([[2, source, destination]], [details(11), details(12)])
      const origin = endpoints(new Processes(fake, none))
      const { text, object } = writer()
      const document = object({}, origin) as { process?: { pid: number } }
      for (let event = 0; event < 3; event++) assert.deepEqual(JSON.parse(text({}, origin)), document)
      assert.equal(document.process?.pid, destination ? 12 : source ? 11 : undefined)
    }
  })

  it('that come later are in later events, whatever was printed before', () => {
    const answers: Parameters<typeof addon>[0] = [...Array(3).fill([0, 0, 0]), [2, 1, 2]]
    const origin = endpoints(new Processes(addon(answers, [details(11), details(12)]).fake, none))
    const { text } = writer()
    const pids = Array.from({ length: 5 }, () => JSON.parse(text({}, origin)).process?.pid)
    assert.deepEqual(pids, [undefined, undefined, 12, 12, 12])
  })

  it('are of each event alone: what a processor does to one is not in the next', () => {
    const origin = endpoints(new Processes(addon([[2, 1, 2]], [details(11), details(12)]).fake, none))
    const { object } = writer()
    const first = object({}, origin) as { process: { args?: string[] } }
    delete first.process.args
    const second = object({}, origin) as typeof first
    assert.deepEqual(second.process.args, ['name12', '-x', 'two words'])
  })

  it('are described one by one', () => {
    const names = Object.keys(withMembers(processFields()))
    for (const name of [
      'source.process.pid',
      'destination.process.args',
      'process.parent.pid',
      'process.start',
    ])
      assert.ok(names.includes(name), name)
  })
})
