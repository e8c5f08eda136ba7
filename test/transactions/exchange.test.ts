import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { defineFields } from '../../lib/events/fields.js'
import { defineProtocol, type Protocol } from '../../lib/protocols/protocol.js'
import { type Exchange, exchangeCounters, exchanges } from '../../lib/transactions/exchange.js'
import { Dialogue } from '../support/dialogue.js'

const line = (cursor: { line(): string }): string => cursor.line()

const lines = defineProtocol({
  name: 'lines',
  title: 'lines and their answers',
  transports: ['tcp'],
  ports: [4711],
  options: z.strictObject({}),
  counters: exchangeCounters,
  fields: defineFields<Exchange<string, string>>({
    query: { type: 'keyword', description: 'The line.', value: ({ request }) => request },
    answer: { type: 'keyword', description: 'The answer.', value: ({ response }) => response },
  }),
  start: (_options, context) =>
    exchanges(context, { request: line, response: line, failed: (answer) => answer === 'no', limit: 3 }),
}) as unknown as Protocol

const dialogue = () => new Dialogue(lines, { transaction_timeout: 10e9 })
const told = ({ events }: Dialogue) =>
  events.map(({ query, answer, status, error }) => [
    query,
    answer,
    status,
    (error as { message?: string } | undefined)?.message,
  ])

describe('requests that are answered one by one', () => {
  it('are paired in their order, however many wait', () => {
    const talk = dialogue()
    talk.client('a\r\nb\r\n')
    talk.server('yes\r\nno\r\n')
    assert.deepEqual(told(talk), [
      ['a', 'yes', 'OK', undefined],
      ['b', 'no', 'Error', undefined],
    ])
    assert.deepEqual(talk.counts, {})
  })

  it('are reported without an answer at the end', () => {
    const talk = dialogue()
    talk.client('a\r\n')
    talk.close()
    assert.deepEqual(told(talk), [['a', undefined, 'Error', 'Unmatched request']])
    assert.deepEqual(talk.counts, { unmatched_requests: 1 })
  })

  it('that are too many are reported, and the answers of the others are theirs', () => {
    const talk = dialogue()
    talk.client('a\r\nb\r\nc\r\nd\r\n')
    talk.server('1\r\n2\r\n3\r\n4\r\n')
    assert.deepEqual(told(talk), [
      ['a', undefined, 'Error', 'Too many requests without a response'],
      ['b', '2', 'OK', undefined],
      ['c', '3', 'OK', undefined],
      ['d', '4', 'OK', undefined],
    ])
    assert.deepEqual(talk.counts, { unmatched_requests: 1, unmatched_responses: 1 })
  })

  it('are reported at their timeout, and again with an answer that comes later', () => {
    const talk = dialogue()
    talk.client('a\r\n')
    talk.wait(11)
    talk.server('yes\r\n')
    assert.deepEqual(told(talk), [
      ['a', undefined, 'Error', 'Unmatched request'],
      ['a', 'yes', 'OK', 'The response came after transaction_timeout; the request was reported before'],
    ])
    assert.deepEqual(talk.counts, { unmatched_requests: 1, late_responses: 1 })
  })

  it('were not all captured: an answer without one is counted', () => {
    const talk = dialogue()
    talk.server('yes\r\n')
    assert.deepEqual(told(talk), [])
    assert.deepEqual(talk.counts, { unmatched_responses: 1 })
  })
})
