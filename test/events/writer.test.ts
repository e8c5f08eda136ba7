import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Clock } from '../../lib/events/clock.js'
import { defineFields, type Value } from '../../lib/events/fields.js'
import { compileWriter, type Origin } from '../../lib/events/writer.js'

type Sample = Record<string, Value>

const names = ['a', 'b.c', 'b.d.e', 'b.d.f', 'g.h.i', 'date', 'list', 'flag', 'object', 'ip']
const types = { date: 'date', flag: 'boolean', object: 'object', ip: 'ip', a: 'long' } as const
const fields = defineFields<Sample, Origin>(
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        type: types[name as keyof typeof types] ?? 'keyword',
        description: '',
        value: (sample: Sample) => sample[name],
        ...(name === 'list' ? { list: true as const } : {}),
      },
    ]),
  ),
)
const origin: Origin = { clock: new Clock(), place: 7 }

describe('writer', () => {
  it('prints what the object form holds, whichever fields there are', () => {
    const all: Sample = {
      a: 1,
      'b.c': 'quote " and \\ and \u0007',
      'b.d.e': 'ü',
      'b.d.f': '\ud800 alone',
      'g.h.i': 'x',
      date: 1e9,
      list: ['x', 'y'],
      flag: false,
      object: { k: [1] },
      ip: '::1',
    }
    for (const constants of [{ type: 't' }, { type: 't', 'b.z': 1, 'g.h.y': ['c'] }]) {
      const writer = compileWriter(fields, constants)
      for (let mask = 0; mask < 1 << names.length; mask++) {
        const sample = Object.fromEntries(
          names.map((name, bit) => [name, mask & (1 << bit) ? all[name] : undefined]),
        )
        assert.deepEqual(
          JSON.parse(writer.text(sample, origin)),
          JSON.parse(JSON.stringify(writer.object(sample, origin))),
        )
      }
    }
  })

  it('puts a constant in the place of a field, and takes fields away', () => {
    const writer = compileWriter(fields, { a: 'own', 'b.c': undefined })
    assert.equal(writer.text({ a: 1, 'b.c': 'x' }, origin), '{"a":"own"}')
  })

  it('asks for a part once, and none of its fields where it is missing', () => {
    interface Whole {
      part: { a: number; b: number | undefined } | undefined
    }
    let asked = 0
    const of = ({ part }: Whole) => {
      asked++
      return part
    }
    const inPart = (name: 'a' | 'b') => ({
      type: 'long' as const,
      description: '',
      of,
      value: ((part: NonNullable<Whole['part']>) => part[name]) as never,
    })
    const writer = compileWriter(defineFields<Whole, Origin>({ 'p.a': inPart('a'), 'p.b': inPart('b') }), {
      type: 't',
    })
    for (const [part, expected] of [
      [{ a: 0, b: 2 }, '{"type":"t","p":{"a":0,"b":2}}'],
      [{ a: 1, b: undefined }, '{"type":"t","p":{"a":1}}'],
      [undefined, '{"type":"t"}'],
    ] as const) {
      asked = 0
      assert.equal(writer.text({ part }, origin), expected)
      assert.equal(asked, 1)
      assert.equal(JSON.stringify(writer.object({ part }, origin)), expected)
    }
  })

  it('keeps what belongs to a conversation from its second event on', () => {
    let asked = 0
    const writer = compileWriter<Sample, Origin>(
      {
        'x.ip': {
          type: 'ip',
          description: '',
          ofConversation: true,
          value: () => {
            asked++
            return '10.0.0.1'
          },
        },
        'x.bytes': { type: 'long', description: '', value: ({ n }) => n },
      },
      {},
    )
    assert.equal(writer.text({ n: 5 }, origin), '{"x":{"ip":"10.0.0.1","bytes":5}}')
    for (let event = 0; event < 5; event++) assert.equal(writer.text({}, origin), '{"x":{"ip":"10.0.0.1"}}')
    assert.equal(asked, 2)
    writer.text({}, { ...origin }) // another conversation in the same place
    writer.text({}, origin)
    assert.equal(asked, 4)
  })
})
