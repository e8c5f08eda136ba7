import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { LogFileSettings, LoggingSettings } from '../../lib/config/settings.js'
import { humanLine, jsonLine } from '../../lib/logging/lines.js'
import { type Entry, makeLogger } from '../../lib/logging/logger.js'
import { MetricsLog } from '../../lib/logging/metrics.js'
import { openLog } from '../../lib/logging/open-log.js'

const time = new Date('2024-05-06T07:08:09.010Z')

function collected(level: LoggingSettings['level'], selectors: string[] = []) {
  const entries: Entry[] = []
  const logger = makeLogger('packetbeat', {
    level,
    selectors,
    sink: (entry) => entries.push(entry),
    now: () => time,
  })
  return { entries, logger, texts: () => entries.map(({ level, message }) => `${level} ${message}`) }
}

describe('a logger', () => {
  it('writes its level and what is more important', () => {
    const { logger, texts } = collected('warning')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level](level)
    assert.deepEqual(texts(), ['warning warn', 'error error'])
  })

  it('writes debug lines for selected names alone, and all else for everybody', () => {
    const { logger, texts } = collected('debug', ['http'])
    for (const each of [logger, logger.named('http'), logger.named('dns')]) {
      each.debug(`${each.name} ${each.debugs}`)
      each.info(each.name)
    }
    assert.deepEqual(texts(), ['info packetbeat', 'debug http true', 'info http', 'info dns'])
  })
})

const entry: Entry = {
  time,
  level: 'warning',
  logger: 'http',
  message: 'a "b"\u001b[31m',
  fields: { 'x.y': 1 },
}

describe('a line', () => {
  it('is ECS JSON for programs', () => {
    assert.deepEqual(JSON.parse(jsonLine(entry)), {
      'log.level': 'warn',
      '@timestamp': '2024-05-06T07:08:09.010Z',
      'log.logger': 'http',
      message: 'a "b"\u001b[31m',
      'service.name': 'packetbeat',
      'ecs.version': '1.6.0',
      'x.y': 1,
    })
  })

  it('is short for people, and traffic cannot control their terminal', () => {
    assert.match(humanLine(entry, false), /^\d\d:\d\d:09\.010 warn {2}http a "b"\ufffd\[31m \{"x\.y":1\}$/)
    assert.ok(humanLine(entry, true).includes('\u001b[33mwarn '))
  })
})

const filesIn = (path: string, more: Partial<LogFileSettings> = {}): LogFileSettings => ({
  path,
  name: 'packetbeat',
  rotateeverybytes: 10_000,
  keepfiles: 3,
  permissions: 0o600,
  interval: 0,
  rotateonstartup: true,
  ...more,
})

const settings = (path: string, more: Partial<LogFileSettings> = {}): LoggingSettings => ({
  level: 'info',
  selectors: [],
  to_stderr: false,
  to_files: true,
  files: filesIn(path, more),
  metrics: { enabled: true, period: 1e9 },
  event_data: { to_stderr: false, files: undefined },
})

const nowhere = { write: (text: string) => assert.fail(text) }

describe('log files', () => {
  it('have the date in their name, the permissions of the settings, and a line for each entry', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'packetbeat-log-')), 'logs')
    const { logger, close } = openLog(settings(folder), nowhere, false)
    logger.info('one')
    logger.error('two')
    close()
    const [name = ''] = readdirSync(folder)
    assert.match(name, /^packetbeat-\d{8}\.ndjson$/)
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    assert.equal(readFileSync(join(folder, name), 'utf8').trim().split('\n').length, 2)
  })

  it('begin anew when one is full, and the oldest go', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packetbeat-log-'))
    const { logger, close } = openLog(settings(folder, { rotateeverybytes: 400 }), nowhere, false)
    for (let line = 0; line < 20; line++) logger.info(`line ${line}`)
    close()
    const names = readdirSync(folder)
    assert.equal(names.length, 3)
    const text = names.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
    assert.match(text, /line 19"/)
    assert.doesNotMatch(text, /line 0"/)
  })

  it('that cannot be written are told with what to do', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'packetbeat-log-')), 'file')
    writeFileSync(file, '')
    assert.throws(() => openLog(settings(join(file, 'logs')), nowhere, false), {
      code: 'ERR_OUTPUT_OPEN',
      message: /^cannot write log files to .*; -e logs to standard error, --path\.logs to another folder\.$/,
    })
  })
})

it('standard error gets JSON, and a terminal lines for people', () => {
  const lines: string[] = []
  const write = (text: string) => lines.push(text)
  const toStderr = { ...settings('/nowhere'), to_stderr: true, to_files: false }
  openLog(toStderr, { write }, false).logger.info('a')
  openLog(toStderr, { write, isTTY: true }, false).logger.info('b')
  assert.match(lines[0] ?? '', /^\{.*"message":"a".*\}\n$/)
  assert.match(lines[1] ?? '', /^\d\d:\d\d:\d\d\.\d{3} info {2}packetbeat b\n$/)
})

describe('events that the output refused', () => {
  it('go to files of their own, made with the first of them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packetbeat-log-'))
    const event_data = { to_stderr: false, files: filesIn(folder, { name: 'refused' }) }
    const log = openLog({ ...settings(join(folder, 'logs')), event_data }, nowhere, false)
    log.logger.info('one')
    assert.deepEqual(readdirSync(folder), ['logs'])
    log.rejected('{"a":1}', 'mapping')
    log.close()
    const [, name = ''] = readdirSync(folder)
    const entry = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    assert.equal(entry['event.original'], '{"a":1}')
    assert.equal(entry.message, 'the output refused this event: mapping')
  })

  it('are told on standard error where that is configured, and else nowhere', () => {
    const lines: string[] = []
    const write = (text: string) => lines.push(text)
    const toStderr = { ...settings('/nowhere'), to_stderr: true, to_files: false }
    openLog(toStderr, { write }, false).rejected('{}', 'mapping')
    assert.deepEqual(lines, [])
    openLog({ ...toStderr, event_data: { to_stderr: true, files: undefined } }, { write }, false).rejected(
      '{}',
      'x',
    )
    assert.match(lines[0] ?? '', /"event.original":"\{\}"/)
  })

  it('are lost with one complaint when their files cannot be written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'packetbeat-log-')), 'file')
    writeFileSync(file, '')
    const lines: string[] = []
    const event_data = { to_stderr: false, files: filesIn(join(file, 'below')) }
    const base = { ...settings('/nowhere'), to_files: false, event_data }
    const log = openLog(base, { write: (text: string) => lines.push(text) }, false)
    for (let event = 0; event < 3; event++) log.rejected('{}', 'x')
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /cannot write refused events: /)
  })
})

it('no log at all is silent', () => {
  openLog({ ...settings('/nowhere'), to_files: false }, nowhere, false).logger.error('x')
})

it('metrics tell what changed, and all totals at the end', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const { entries, logger } = collected('info')
  const counters = { packets: 5, dropped: 0 }
  const metrics = new MetricsLog(logger, 30_000, () => ({ ...counters }))
  context.mock.timers.tick(30_000)
  counters.packets = 7
  context.mock.timers.tick(30_000)
  context.mock.timers.tick(30_000)
  metrics.close()
  assert.deepEqual(
    entries.map(({ message, fields }) => [message, fields?.['monitoring.metrics']]),
    [
      ['Metrics of the last 30s', { packets: 5 }],
      ['Metrics of the last 30s', { packets: 2 }],
      ['Nothing counted in the last 30s', undefined],
      ['Total metrics', { packets: 7 }],
    ],
  )
})
