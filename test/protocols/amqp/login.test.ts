import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amqp } from '../../../lib/protocols/amqp/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import * as wire from './builders.js'
import { connection, join, protocolHeader, queue } from './builders.js'

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
const eventsOf = (dialogue: Dialogue) => dialogue.events as any[]

const PLAIN = '\0ann\0a secret'

/** A login up to where the server decides. */
const begun = (options: object = {}, mechanism = 'PLAIN', response: string | Buffer = PLAIN) =>
  new Dialogue(amqp, { ...options })
    .client(protocolHeader())
    .server(connection.start)
    .client(connection.startOk(mechanism, response))

const opened = (options: object = {}) =>
  begun(options)
    .server(connection.tune)
    .client(connection.tuneOk(), connection.open('/work'))
    .server(connection.openOk)

describe('logins of AMQP', () => {
  it('that go well are not shown, but their user and virtual host stand in all events', () => {
    const dialogue = opened().client(queue.purge(1, 'q')).server(queue.purgeOk(1, 0))
    const [event, ...more] = eventsOf(dialogue)
    assert.deepEqual(more, [])
    assert.deepEqual(
      [event.method, event.user, event.related.user, event.amqp['virtual-host']],
      ['queue.purge', { name: 'ann' }, ['ann'], '/work'],
    )
    assert.deepEqual(dialogue.counts, {})
  })

  it('are shown, with their steps, where it is asked for', () => {
    const dialogue = opened({ hide_connection_information: false, send_request: true, send_response: true })
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, status, source, request, response }) => [
        method,
        status,
        source.port,
        request,
        response,
      ]),
      [
        ['connection.start', 'OK', 5672, 'connection.start', 'OK'],
        ['connection.tune', 'OK', 5672, 'connection.tune', 'OK'],
        ['connection.open', 'OK', 40000, 'connection.open', 'OK'],
        ['LOGIN', 'OK', 40000, 'LOGIN ann /work', 'OK'],
      ],
    )
    const [start, tune, , login] = eventsOf(dialogue)
    assert.deepEqual(start.amqp, {
      'version-major': 0,
      'version-minor': 9,
      'server-properties': { product: 'RabbitMQ', capabilities: { publisher_confirms: true } },
      'client-properties': { product: 'test' },
      mechanisms: 'PLAIN AMQPLAIN',
      mechanism: 'PLAIN',
      locales: 'en_US',
      locale: 'en_US',
    })
    // What was agreed.
    assert.deepEqual(tune.amqp, { 'channel-max': 2047, 'frame-max': 131_072, heartbeat: 10 })
    assert.deepEqual(login.amqp, { 'virtual-host': '/work', mechanism: 'PLAIN' })
    assert.deepEqual(login.event.duration, 6_000_000)
    const steps = join(connection.startOk('PLAIN', PLAIN), connection.tuneOk(), connection.open('/work'))
    assert.equal(login.source.bytes, 8 + steps.length)
    assert.ok(!JSON.stringify(dialogue.events).includes('secret'))
  })

  it('that are refused are shown whatever is asked for, with the reason and without the password', () => {
    for (const hide of [true, false]) {
      const dialogue = begun({ hide_connection_information: hide, send_request: true, send_response: true })
        .server(connection.close(403, 'ACCESS_REFUSED'))
        .client(connection.closeOk)
        .close()
      const [login, close] = eventsOf(dialogue).filter(({ method }) => method !== 'connection.start')
      assert.deepEqual(
        [login.method, login.status, login.user, login.response, login.amqp],
        [
          'LOGIN',
          'Error',
          { name: 'ann' },
          '403 ACCESS_REFUSED',
          {
            'reply-code': 403,
            'reply-text': 'ACCESS_REFUSED',
            'class-id': 0,
            'method-id': 0,
            mechanism: 'PLAIN',
          },
        ],
      )
      assert.equal(login.event.action, 'amqp.login')
      assert.deepEqual([close.method, close.status, close.source.port], ['connection.close', 'Error', 5672])
      assert.ok(!JSON.stringify(dialogue.events).includes('secret'))
      assert.deepEqual(dialogue.counts, {})
    }
  })

  it('to a virtual host that there is not', () => {
    const dialogue = begun()
      .server(connection.tune)
      .client(connection.tuneOk(), connection.open('none'))
      .server(connection.close(530, 'NOT_ALLOWED', 10, 40))
      .client(connection.closeOk)
      .close()
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, amqp }) => [method, amqp['reply-code'], amqp['virtual-host']]),
      [
        ['LOGIN', 530, 'none'],
        ['connection.close', 530, 'none'],
      ],
    )
  })

  it('whose connection the server closes without a word', () => {
    const dialogue = begun().close()
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, status, error, user }) => [method, status, error.message, user.name]),
      [['LOGIN', 'Error', 'Unmatched request', 'ann']],
    )
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
  })

  it('that take longer than the timeout', () => {
    const dialogue = begun()
      .wait(11)
      .server(connection.tune)
      .client(connection.tuneOk(), connection.open('/'))
      .server(connection.openOk)
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, status }) => [method, status]),
      [
        ['LOGIN', 'Error'],
        ['LOGIN', 'OK'],
      ],
    )
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('of AMQPLAIN and other mechanisms', () => {
    const amqplain = (entries: Record<string, string>) => wire.table(entries).subarray(4)
    const cases = [
      ['AMQPLAIN', amqplain({ LOGIN: 'ann', PASSWORD: 'a secret' }), 'ann'],
      ['AMQPLAIN', amqplain({ PASSWORD: 'a secret', LOGIN: 'ann' }), 'ann'],
      ['AMQPLAIN', 'x', undefined],
      ['EXTERNAL', '', undefined],
      ['RABBIT-CR-DEMO', 'ann', undefined],
      ['PLAIN', 'ann\0a secret', undefined],
      ['PLAIN', '\0ann\0a\0secret', undefined],
      ['PLAIN', 'ann\0ann\0', 'ann'],
    ] as const
    for (const [mechanism, response, user] of cases) {
      const dialogue = begun({}, mechanism, response).close()
      const [event] = eventsOf(dialogue)
      assert.deepEqual([event.method, event.amqp.mechanism, event.user?.name], ['LOGIN', mechanism, user])
      assert.ok(!JSON.stringify(dialogue.events).includes('secret'))
    }
  })

  it('with a challenge', () => {
    const dialogue = begun({ hide_connection_information: false }, 'RABBIT-CR-DEMO', 'ann')
      .server(connection.secure('the password please'))
      .client(connection.secureOk('a secret'))
    assert.deepEqual(
      eventsOf(dialogue).map(({ method, status }) => [method, status]),
      [
        ['connection.start', 'OK'],
        ['connection.secure', 'OK'],
      ],
    )
    assert.ok(!JSON.stringify(dialogue.events).includes('secret'))
  })

  it('in a version that the server does not speak', () => {
    for (const version of [
      [1, 1, 7, 0],
      [0, 1, 0, 0],
    ])
      for (const pieces of splits(protocolHeader(...version))) {
        const dialogue = new Dialogue(amqp)
          .client(...pieces)
          .server(protocolHeader())
          .close()
        const [event, ...more] = eventsOf(dialogue)
        assert.deepEqual(more, [])
        assert.deepEqual(
          [event.method, event.status, event.error.message, event.source.bytes, event.destination.bytes],
          ['LOGIN', 'Error', 'The server speaks another version of the protocol', 8, 8],
        )
        assert.deepEqual(dialogue.counts, {})
      }
  })

  it('a new secret for the old one is not shown', () => {
    const dialogue = new Dialogue(amqp, { hide_connection_information: false, send_request: true })
      .client(connection.updateSecret('geheim'))
      .server(connection.updateSecretOk)
    assert.equal(eventsOf(dialogue)[0].method, 'connection.update-secret')
    assert.equal(eventsOf(dialogue)[0].amqp.reason, 'expired')
    assert.ok(!JSON.stringify(dialogue.events).includes('geheim'))
  })
})
