import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { kafka } from '../../../lib/outputs/kafka/index.js'
import { outputContext } from '../../support/output-context.js'

const usual = { hosts: ['kafka:9092'], topic: 'events' }
const wrong = (options: object): string => {
  const { success, error } = kafka.options.safeParse({ ...usual, ...options })
  assert.equal(success, false)
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')
}

describe('the options of output.kafka', () => {
  it('have the defaults that users know', () => {
    const parsed = kafka.options.parse(usual)
    const { bulk_max_size, compression, compression_level, max_message_bytes, required_acks, client_id } =
      parsed
    assert.deepEqual(
      { bulk_max_size, compression, compression_level, max_message_bytes, required_acks, client_id },
      {
        bulk_max_size: 2048,
        compression: 'gzip',
        compression_level: 4,
        max_message_bytes: 1_000_000,
        required_acks: 1,
        client_id: 'beats',
      },
    )
    assert.equal(parsed.timeout, 30e9)
    assert.equal(parsed.broker_timeout, 10e9)
    assert.equal(kafka.wants(parsed), 'text')
    assert.equal(
      kafka.wants(kafka.options.parse({ ...usual, codec: { json: { pretty: true } } })),
      'document',
    )
    assert.equal(
      kafka.delivery?.(kafka.options.parse({ ...usual, bulk_flush_frequency: '2s' }))?.maxDelay,
      2000,
    )
  })

  it('are refused where events could not be sent so', () => {
    assert.match(wrong({ topic: undefined }), /^topic is missing/)
    assert.match(wrong({ hosts: [] }), /^hosts names no broker/)
    assert.match(wrong({ username: 'me' }), /^password is missing beside username/)
    assert.match(wrong({ sasl: { mechanism: 'PLAIN' } }), /^username is missing beside sasl/)
    assert.match(wrong({ username: 'me', password: 'x', sasl: { mechanism: 'GSSAPI' } }), /sasl.mechanism/)
    assert.match(
      wrong({ partition: { random: {}, hash: {} } }),
      /partition must be one of hash, random and round_robin/,
    )
    assert.match(wrong({ partition: { random: { group_events: 0 } } }), /group_events/)
    assert.match(wrong({ version: 'newest' }), /^version must be a version such as 2.1.0/)
    assert.match(wrong({ required_acks: 2 }), /^required_acks/)
  })

  it('name hosts in every way that people write them', async () => {
    const open = (host: string) =>
      kafka.open(kafka.options.parse({ ...usual, hosts: [host] }), outputContext())
    for (const [host, name] of [
      ['kafka', 'kafka:9092'],
      ['kafka:9093', 'kafka:9093'],
      ['2001:db8::1', '[2001:db8::1]:9092'],
      ['[2001:db8::1]:1', '[2001:db8::1]:1'],
    ] as const) {
      const output = await open(host)
      assert.equal(output.lanes[0]?.name, name)
      await output.close()
    }
    await assert.rejects(open('no host'), { code: 'ERR_CONFIG_INVALID' })
  })

  it('say how many batches are under way at once', async () => {
    const output = await kafka.open(kafka.options.parse({ ...usual, worker: 3 }), outputContext())
    assert.equal(output.lanes.length, 3)
    await output.close()
  })
})
