import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AckReader } from '../../../lib/outputs/logstash/frames.js'
import { splits } from '../../support/splits.js'
import { ack } from '../support/lumberjack.js'

function numbersOf(...pieces: readonly Buffer[]): number[] {
  const reader = new AckReader()
  const numbers: number[] = []
  for (const piece of pieces) reader.read(piece, (number) => numbers.push(number))
  return numbers
}

describe('acknowledgements', () => {
  it('are read however TCP cuts them', () => {
    const wire = Buffer.concat([ack(0), ack(2048), ack(0xffffffff)])
    for (const pieces of splits(wire)) assert.deepEqual(numbersOf(...pieces), [0, 2048, 0xffffffff])
  })

  for (const [what, hostile] of Object.entries({
    'version 1': Buffer.from('1A\0\0\0\x01', 'latin1'),
    'another frame': Buffer.from('2J\0\0\0\x01', 'latin1'),
    HTTP: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    TLS: Buffer.from([21, 3, 1, 0, 2, 2, 10]),
    'garbage behind the first': Buffer.concat([ack(1), Buffer.from('x')]),
  }))
    it(`are refused when they are ${what}, with their first wrong byte`, () => {
      assert.throws(() => numbersOf(hostile), /not Lumberjack version 2/)
      assert.throws(
        () => numbersOf(...[...hostile].map((byte) => Buffer.of(byte))),
        /not Lumberjack version 2/,
      )
    })
})
