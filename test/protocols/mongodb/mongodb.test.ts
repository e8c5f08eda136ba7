import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { compressSync } from 'snappy'
import { mongodb } from '../../../lib/protocols/mongodb/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'
import {
  answer,
  CHECKSUM,
  command,
  compressed,
  doc,
  el,
  int32,
  int64,
  list,
  MORE,
  message,
  opMsg,
  opQuery,
  opReply,
  sequence,
  text0,
  zstdFrame,
} from './builder.js'

const both = { send_request: true, send_response: true }

/** What a test usually wants to see of an event. */
const seen = ({ events }: Dialogue) => events.map(({ query, status }) => [query, status])
const fieldsOf = ({ events }: Dialogue, index = 0) => events[index]?.mongodb as Record<string, unknown>
const bytesOf = ({ events: [event] }: Dialogue) => {
  const of = (side: unknown) => (side as { bytes?: number } | undefined)?.bytes
  return { source: of(event?.source), destination: of(event?.destination) }
}
const notes = ({ events }: Dialogue) => events.map(({ error }) => (error as { message?: unknown })?.message)

const find = (id: number, value = id) =>
  command(id, el.string('find', 'items'), el.doc('filter', doc(el.int32('_id', value))))
const found = (to: number, ...more: Uint8Array[]) =>
  answer(
    to,
    el.doc(
      'cursor',
      doc(el.array('firstBatch', el.doc('0', doc(el.int32('_id', to)))), el.int64('id', 0), ...more),
    ),
  )

describe('mongodb', () => {
  it('pairs a command with its reply', () => {
    const dialogue = new Dialogue(mongodb, both).client(find(7)).server(found(7))
    assert.deepEqual(dialogue.events, [
      {
        type: 'mongodb',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'find',
        resource: 'shop.items',
        query: 'shop.items.find({"filter":{"_id":7}})',
        request: 'shop.items.find({"filter":{"_id":7}})',
        response: '{"cursor":{"firstBatch":[{"_id":7}],"id":0},"ok":1}',
        mongodb: { numberReturned: 1 },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 78 },
        destination: { ip: '10.0.0.2', port: 27017, bytes: 97 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 78 },
        server: { ip: '10.0.0.2', port: 27017, bytes: 97 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 175 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('reads messages however TCP cuts them', () => {
    const requests = Buffer.concat([find(1), opQuery(2, 'shop.items', doc()), find(3)])
    const replies = Buffer.concat([found(3), opReply(2, [doc(el.int32('a', 1))]), found(1)])
    for (const chunks of splits(requests))
      for (const answers of chunks.length > 2 ? splits(replies) : [[replies]]) {
        const dialogue = new Dialogue(mongodb).client(...chunks).server(...answers)
        assert.deepEqual(seen(dialogue), [
          ['shop.items.find({"filter":{"_id":3}})', 'OK'],
          ['shop.items.find({})', 'OK'],
          ['shop.items.find({"filter":{"_id":1}})', 'OK'],
        ])
        assert.equal(dialogue.close().memory.held, 0)
      }
  })

  it('pairs the id 0, with which the shell begins', () => {
    const dialogue = new Dialogue(mongodb).client(find(0)).server(found(0))
    assert.deepEqual(seen(dialogue), [['shop.items.find({"filter":{"_id":0}})', 'OK']])
  })

  it('takes a reply that was captured before its request', () => {
    const dialogue = new Dialogue(mongodb).server(found(1)).client(find(1)).wait(20).close()
    assert.deepEqual(seen(dialogue), [['shop.items.find({"filter":{"_id":1}})', 'OK']])
    assert.deepEqual(dialogue.counts, {})
    assert.equal(dialogue.memory.held, 0)
  })

  describe('commands', () => {
    const queryOf = (...elements: Uint8Array[]) => {
      const { events } = new Dialogue(mongodb, both).client(command(1, ...elements)).server(answer(1))
      return [events[0]?.resource, events[0]?.query, events[0]?.request]
    }
    const lsid = el.doc('lsid', doc(el.binary('id', Buffer.alloc(16), 4)))
    const all = '"lsid":{"id":{"$uuid":"00000000-0000-0000-0000-000000000000"}}'

    it('are asked of a collection, or of the database', () => {
      const resources: [Buffer, string][] = [
        [el.string('count', 'items'), 'shop.items'],
        [el.string('dropIndexes', 'items'), 'shop.items'],
        [el.int32('ping', 1), 'shop.$cmd'],
        [el.string('ping', 'items'), 'shop.$cmd'],
        [el.string('renameCollection', 'a.b'), 'a.b'],
        [el.doc('explain', doc(el.string('find', 'items'))), 'shop.items'],
        [el.string('constructor', 'items'), 'shop.$cmd'],
      ]
      for (const [element, resource] of resources) assert.equal(queryOf(element)[0], resource)
    })

    it('are shown without what differs from session to session', () => {
      const [, query, request] = queryOf(
        el.string('find', 'items'),
        lsid,
        el.int64('txnNumber', 5),
        el.doc('sort', doc(el.int32('b', 1), el.int32('a', -1))),
      )
      assert.equal(query, 'shop.items.find({"sort":{"b":1,"a":-1}})')
      assert.equal(request, `shop.items.find({${all},"txnNumber":5,"sort":{"b":1,"a":-1}})`)
    })

    it('are shown without what is written', () => {
      const documents = el.array('documents', el.doc('0', doc(el.int32('secret', 1))))
      const update = doc(
        el.doc('q', doc(el.int32('_id', 1))),
        el.doc('u', doc(el.int32('secret', 1))),
        el.bool('upsert', true),
      )
      const cases: [Uint8Array[], string][] = [
        [[el.string('insert', 'i'), documents, el.bool('ordered', true)], 'shop.i.insert({"ordered":true})'],
        [
          [el.string('update', 'i'), el.array('updates', el.doc('0', update), el.doc('1', update))],
          'shop.i.update({"updates":[{"q":{"_id":1},"upsert":true},{"q":{"_id":1},"upsert":true}]})',
        ],
        [
          [
            el.string('findAndModify', 'i'),
            el.doc('query', doc(el.int32('a', 1))),
            el.doc('update', doc(el.int32('secret', 1))),
          ],
          'shop.i.findAndModify({"query":{"a":1}})',
        ],
      ]
      for (const [elements, query] of cases) {
        const [, shown, request] = queryOf(...elements)
        assert.equal(shown, query)
        assert.match(String(request), /secret/)
      }
    })

    it('may have lists beside their document, on either side of it, and a checksum', () => {
      const item = (i: number) => doc(el.int32('_id', i))
      const section = sequence('documents', item(1), item(2))
      const insert = doc(el.string('insert', 'items'), el.string('$db', 'shop'))
      for (const [before, after] of [
        [section, Buffer.alloc(0)],
        [Buffer.alloc(0), section],
      ])
        for (const flags of [0, CHECKSUM]) {
          const dialogue = new Dialogue(mongodb, both)
          dialogue.client(opMsg(insert, { before, after, flags })).server(answer(1, el.int32('n', 2)))
          assert.equal(dialogue.events[0]?.query, 'shop.items.insert({})')
          assert.equal(dialogue.events[0]?.request, 'shop.items.insert({"documents":[{"_id":1},{"_id":2}]})')
          assert.equal(fieldsOf(dialogue).n, 2)
        }
      const updates = sequence('updates', doc(el.doc('q', item(1)), el.doc('u', item(2))))
      const update = doc(el.string('update', 'items'), el.string('$db', 'shop'))
      const dialogue = new Dialogue(mongodb).client(opMsg(update, { after: updates })).server(answer(1))
      assert.equal(dialogue.events[0]?.query, 'shop.items.update({"updates":[{"q":{"_id":1}}]})')
    })

    it('show so many documents, and so much of each, as the options say', () => {
      const documents = list(5, (name) => doc(el.string('text', `${name} ${'x'.repeat(20)}`)))
      const insert = doc(el.string('insert', 'items'), el.string('$db', 'shop'))
      const wire = opMsg(insert, { after: sequence('documents', ...documents) })
      const request = (options: object) =>
        new Dialogue(mongodb, { ...both, ...options }).client(wire).server(answer(1)).events[0]?.request
      assert.equal(
        request({ max_docs: 2, max_doc_length: 12 }),
        'shop.items.insert({"documents":[{"text":"0 x ...,{"text":"1 x ...,...]})',
      )
      const find = command(1, el.string('find', 'items'), el.string('comment', 'x'.repeat(100)))
      const short = new Dialogue(mongodb, { ...both, max_doc_length: 15 }).client(find).server(answer(1))
      for (const text of [short.events[0]?.query, short.events[0]?.request])
        assert.equal(text, 'shop.items.find({"comment":"xxxx ...})')
      assert.equal(String(request({ max_docs: 0, max_doc_length: 0 })).match(/x{20}/g)?.length, 5)
    })

    it('that get more of a cursor tell which, as does the find before', () => {
      const id = 1_234_567_890_123_456_789n
      const batch = (name: string, cursor: bigint, count: number) =>
        el.doc('cursor', doc(el.array(name, ...list(count, (i) => el.doc(i, doc()))), el.int64('id', cursor)))
      const dialogue = new Dialogue(mongodb)
        .client(find(1))
        .server(answer(1, batch('firstBatch', id, 101)))
        .client(
          command(2, el.int64('getMore', id), el.string('collection', 'items'), el.int32('batchSize', 50)),
        )
        .server(answer(2, batch('nextBatch', 0n, 3)))
      assert.deepEqual(
        [fieldsOf(dialogue, 0), fieldsOf(dialogue, 1)],
        [
          { cursorId: String(id), numberReturned: 101 },
          { cursorId: String(id), numberReturned: 3 },
        ],
      )
      assert.equal(dialogue.events[1]?.resource, 'shop.items')
      assert.equal(dialogue.events[1]?.query, 'shop.items.getMore({"collection":"items","batchSize":50})')
    })
  })

  describe('failures', () => {
    const failed = (...elements: Uint8Array[]) => {
      const dialogue = new Dialogue(mongodb).client(find(1))
      dialogue.server(opMsg(doc(...elements), { id: 2, to: 1 }))
      return [dialogue.events[0]?.status, fieldsOf(dialogue)]
    }
    const error = (code: number, text: string) => [el.int32('code', code), el.string('errmsg', text)]

    it('of a command', () =>
      assert.deepEqual(
        failed(el.double('ok', 0), ...error(13, 'not authorized'), el.string('codeName', 'Unauthorized')),
        ['Error', { error: 'not authorized', code: 13, codeName: 'Unauthorized' }],
      ))

    it('of some of its writes: the first tells why', () =>
      assert.deepEqual(
        failed(
          el.int32('n', 1),
          el.array(
            'writeErrors',
            el.doc('0', doc(el.int32('index', 3), ...error(11000, 'duplicate'))),
            el.doc('1', doc(el.int32('index', 4), ...error(121, 'invalid'))),
          ),
          el.double('ok', 1),
        ),
        ['Error', { error: 'duplicate', code: 11000, writeErrors: 2, n: 1 }],
      ))

    it('to write to as many servers as was wanted', () =>
      assert.deepEqual(
        failed(
          el.int32('n', 1),
          el.doc('writeConcernError', doc(...error(64, 'waiting for replication timed out'))),
          el.double('ok', 1),
        ),
        ['Error', { error: 'waiting for replication timed out', code: 64, n: 1 }],
      ))

    it('of bulkWrite, whose counts have names of their own', () =>
      assert.deepEqual(
        failed(
          ...['nErrors', 'nInserted', 'nMatched', 'nModified', 'nUpserted', 'nDeleted'].map((name, i) =>
            el.int32(name, i + 1),
          ),
          el.int32('ok', 1),
        ),
        ['Error', { writeErrors: 1, nInserted: 2, nMatched: 3, nModified: 4, nUpserted: 5, nDeleted: 6 }],
      ))
  })

  describe('operations of before OP_MSG', () => {
    it('find with what is skipped, limited and left out', () => {
      const dialogue = new Dialogue(mongodb, both)
      const filter = doc(el.int32('a', 1))
      dialogue
        .client(opQuery(1, 'shop.items', filter, { skip: 5, number: -3, fields: doc(el.int32('b', 1)) }))
        // A document that was found may look like a failure.
        .server(opReply(1, [doc(el.double('ok', 0), el.string('errmsg', 'x')), doc()], { cursor: 77n }))
      assert.deepEqual(dialogue.events[0]?.mongodb, {
        fullCollectionName: 'shop.items',
        numberToSkip: 5,
        numberToReturn: -3,
        returnFieldsSelector: '{"b":1}',
        numberReturned: 2,
        startingFrom: 0,
        cursorId: '77',
      })
      assert.deepEqual(seen(dialogue), [['shop.items.find({"a":1}).skip(5).limit(3)', 'OK']])
      assert.equal(dialogue.events[0]?.response, '{"ok":0,"errmsg":"x"}\n{}')
    })

    it('show so many documents of a reply as the options say', () => {
      const dialogue = new Dialogue(mongodb, { ...both, max_docs: 2, max_doc_length: 3 })
      const documents = list(5, (name) => doc(el.string('a', name)))
      dialogue.client(opQuery(1, 'a.b', doc())).server(opReply(1, documents))
      assert.equal(dialogue.events[0]?.response, '{"a ...\n{"a ...\n[...]')
    })

    it('command, also with words around it', () => {
      const count = doc(el.string('count', 'items'), el.doc('query', doc()))
      const wrapped = doc(el.doc('$query', count), el.doc('$readPreference', doc()))
      for (const document of [count, wrapped]) {
        const dialogue = new Dialogue(mongodb).client(opQuery(1, 'shop.$cmd', document, { number: -1 }))
        dialogue.server(opReply(1, [doc(el.double('n', 7), el.double('ok', 1))]))
        assert.deepEqual(seen(dialogue), [['shop.items.count({"query":{}})', 'OK']])
        assert.equal(fieldsOf(dialogue).n, 7)
      }
    })

    it('fail by a flag, or by what the reply says', () => {
      const cases: [Uint8Array, number, string][] = [
        [doc(el.string('$err', 'bad'), el.int32('code', 2)), 2, 'bad'],
        [doc(el.string('err', 'E11000'), el.double('ok', 1)), 0, 'E11000'],
        [doc(), 1, 'cursor not found'],
      ]
      for (const [document, flags, error] of cases) {
        const dialogue = new Dialogue(mongodb)
        dialogue.client(opQuery(1, 'a.$cmd', doc(el.int32('getLastError', 1))))
        dialogue.server(opReply(1, [document], { flags }))
        assert.deepEqual([dialogue.events[0]?.status, fieldsOf(dialogue).error], ['Error', error])
      }
    })

    it('write without an answer', () => {
      const dialogue = new Dialogue(mongodb, both)
      const head = [int32(0), text0('a.b')] as const
      dialogue.client(
        message(2002, 1, 0, ...head, doc(el.int32('x', 1)), doc(el.int32('x', 2))),
        message(2001, 2, 0, ...head, int32(0), doc(el.int32('x', 1)), doc(el.int32('x', 2))),
        message(2006, 3, 0, ...head, int32(0), doc(el.int32('x', 1))),
        message(2007, 4, 0, int32(0), int32(2), int64(5), int64(6)),
        message(1000, 5, 0, text0('hello')),
      )
      assert.deepEqual(
        dialogue.events.map(({ method, request, event }) => [method, request, 'end' in (event as object)]),
        [
          ['insert', 'a.b.insert([{"x":1},{"x":2}])', false],
          ['update', 'a.b.update({"x":1},{"x":2})', false],
          ['delete', 'a.b.delete({"x":1})', false],
          ['killCursors', 'killCursors({"cursors":[5,6]})', false],
          ['msg', 'msg("hello")', false],
        ],
      )
      assert.equal(dialogue.events[1]?.query, 'a.b.update({"x":1})')
      assert.deepEqual(dialogue.close().counts, {})
    })

    it('get more', () => {
      const more = message(2005, 1, 0, int32(0), text0('a.b'), int32(10), int64(5))
      const dialogue = new Dialogue(mongodb).client(more).server(opReply(1, [doc(), doc()]))
      const { cursorId, numberReturned, numberToReturn } = fieldsOf(dialogue)
      assert.deepEqual([cursorId, numberReturned, numberToReturn], ['5', 2, 10])
    })

    it('among servers', () => {
      const ask = message(2010, 1, 0, text0('db'), text0('count'), doc(el.string('count', 'c')), doc())
      const reply = message(2011, 2, 1, doc(el.int32('n', 3), el.double('ok', 1)), doc())
      const dialogue = new Dialogue(mongodb).client(ask).server(reply)
      assert.deepEqual(seen(dialogue), [['db.c.count({})', 'OK']])
      assert.equal(fieldsOf(dialogue).n, 3)
    })
  })

  describe('compression', () => {
    const filler = el.string('filler', 'abc'.repeat(200))
    const plain = command(1, el.string('find', 'items'), filler)
    const ways: [string, number, (body: Buffer) => Uint8Array][] = [
      ['noop', 0, (body) => body],
      ['snappy', 1, compressSync],
      ['zlib', 2, (body) => deflateSync(body)],
      ['zstd', 3, zstdFrame],
    ]
    for (const [name, number, compress] of ways)
      it(`by ${name}`, () => {
        const ask = compressed(plain, number, compress)
        const reply = compressed(answer(1, el.int32('n', 5), filler), number, compress)
        for (const chunks of splits(ask)) {
          const dialogue = new Dialogue(mongodb).client(...chunks).server(reply)
          assert.equal(dialogue.events[0]?.resource, 'shop.items')
          assert.deepEqual(fieldsOf(dialogue), { n: 5, compressor: name })
          assert.deepEqual(bytesOf(dialogue), { source: ask.length, destination: reply.length })
        }
      })

    const broken: Record<string, [Buffer, string]> = {
      'in a way nobody knows': [
        compressed(plain, 9, (body) => body),
        'The message is compressed in a way that is not known',
      ],
      'and broken': [
        compressed(plain, 2, () => Buffer.from('no zlib')),
        'The compressed message could not be expanded',
      ],
      'and of another length': [
        compressed(plain, 1, compressSync, 10_000),
        'The compressed message could not be expanded',
      ],
      'and says that it grows by millions': [
        compressed(plain, 2, (body) => deflateSync(body), 47_000_000),
        'The compressed message would grow too much to be expanded',
      ],
      'and grows more than it says': [
        compressed(plain, 2, () => deflateSync(Buffer.alloc(1_000_000)), 16_384),
        'The compressed message would grow too much to be expanded',
      ],
      'and says that it shrinks to less than nothing': [
        compressed(plain, 1, compressSync, -1),
        'The compressed message would grow too much to be expanded',
      ],
    }
    for (const [name, [ask, note]] of Object.entries(broken))
      it(`${name}: the transaction is there, and says so`, () => {
        const dialogue = new Dialogue(mongodb).client(ask).server(found(1)).client(find(2)).server(found(2))
        assert.deepEqual(notes(dialogue), [note, undefined])
        assert.deepEqual(dialogue.counts, { undecoded_messages: 1 })
        const answered = new Dialogue(mongodb).client(find(1)).server(compressed(found(1), 7, (body) => body))
        assert.equal(notes(answered)[0], 'The message is compressed in a way that is not known')
      })
  })

  describe('sessions', () => {
    const scram = (name: string) => el.binary('payload', Buffer.from(`n,,n=${name},r=nonce+/`))
    const metadata = el.doc(
      'client',
      doc(
        el.doc('application', doc(el.string('name', 'shop'))),
        el.doc('driver', doc(el.string('name', 'nodejs'), el.string('version', '6.22.0'))),
      ),
    )
    const done = (to: number, isDone: boolean) =>
      answer(
        to,
        el.int32('conversationId', 1),
        el.bool('done', isDone),
        el.binary('payload', Buffer.from('secret')),
      )

    it('begin with what both sides say of themselves', () => {
      const dialogue = new Dialogue(mongodb)
        .client(command(1, el.int32('hello', 1), metadata))
        .server(answer(1, el.string('setName', 'rs0'), el.int32('maxWireVersion', 21)))
      assert.deepEqual(fieldsOf(dialogue), {
        application: 'shop',
        driver: 'nodejs 6.22.0',
        setName: 'rs0',
        maxWireVersion: 21,
      })
    })

    it('belong to who has logged in, and show no secrets', () => {
      const mechanism = el.string('mechanism', 'SCRAM-SHA-256')
      const dialogue = new Dialogue(mongodb, both)
        .client(command(1, el.int32('saslStart', 1), mechanism, scram('a=2Cb=3Dc')))
        .server(done(1, false))
        .client(command(2, el.int32('saslContinue', 1), el.binary('payload', Buffer.from('secret proof'))))
        .server(done(2, true))
        .client(find(3))
        .server(found(3))
      assert.deepEqual(
        dialogue.events.map(({ user }) => (user as { name: string })?.name),
        ['a,b=c', 'a,b=c', 'a,b=c'],
      )
      assert.equal(fieldsOf(dialogue).mechanism, 'SCRAM-SHA-256')
      assert.doesNotMatch(JSON.stringify(dialogue.events), /payload|nonce|c2VjcmV0/)
    })

    it('also begin with both at once', () => {
      const login = doc(el.int32('saslStart', 1), el.string('mechanism', 'SCRAM-SHA-1'), scram('joe'))
      const dialogue = new Dialogue(mongodb, both)
        .client(
          opQuery(
            1,
            'admin.$cmd',
            doc(el.int32('isMaster', 1), metadata, el.doc('speculativeAuthenticate', login)),
          ),
        )
        .server(
          opReply(1, [
            doc(el.doc('speculativeAuthenticate', doc(el.bool('done', true))), el.double('ok', 1)),
          ]),
        )
        .client(find(2))
        .server(found(2))
      assert.deepEqual(
        dialogue.events.map(({ user }) => user),
        [{ name: 'joe' }, { name: 'joe' }],
      )
      assert.doesNotMatch(JSON.stringify(dialogue.events), /speculative|nonce/)
    })

    it('that fail tell who tried', () => {
      const plain = el.binary('payload', Buffer.from('\0joe\0secret'))
      const dialogue = new Dialogue(mongodb, both)
        .client(command(1, el.int32('saslStart', 1), el.string('mechanism', 'PLAIN'), plain))
        .server(
          opMsg(
            doc(el.double('ok', 0), el.string('errmsg', 'Authentication failed.'), el.int32('code', 18)),
            { id: 9, to: 1 },
          ),
        )
        .client(find(2))
        .server(found(2))
      assert.deepEqual(
        dialogue.events.map(({ user, status }) => [user, status]),
        [
          [{ name: 'joe' }, 'Error'],
          [undefined, 'OK'],
        ],
      )
      assert.doesNotMatch(JSON.stringify(dialogue.events), /secret|c2VjcmV0/)
    })

    it('by certificate, and passwords that are set', () => {
      const dialogue = new Dialogue(mongodb, both)
        .client(
          command(
            1,
            el.int32('authenticate', 1),
            el.string('mechanism', 'MONGODB-X509'),
            el.string('user', 'CN=joe'),
          ),
        )
        .server(answer(1))
        .client(command(2, el.string('createUser', 'ann'), el.string('pwd', 'secret'), el.array('roles')))
        .server(answer(2))
        .client(command(3, el.int32('logout', 1)))
        .server(answer(3))
        .client(find(4))
        .server(found(4))
      assert.deepEqual(
        dialogue.events.map(({ user, request }) => [user, request]),
        [
          [{ name: 'CN=joe' }, 'shop.$cmd.authenticate({"mechanism":"MONGODB-X509","user":"CN=joe"})'],
          [{ name: 'CN=joe' }, 'shop.$cmd.createUser({"roles":[]})'],
          [{ name: 'CN=joe' }, 'shop.$cmd.logout({})'],
          [undefined, 'shop.items.find({"filter":{"_id":4}})'],
        ],
      )
    })

    it('that are encrypted are let be', () => {
      const dialogue = new Dialogue(mongodb)
        .client(Buffer.concat([Buffer.of(22, 3, 1, 2, 0), Buffer.alloc(512, 7)]))
        .server(Buffer.concat([Buffer.of(22, 3, 3, 0, 90), Buffer.alloc(90)]))
        .gap(0, 10_000)
        .client('whatever')
        .close()
      assert.deepEqual([dialogue.events, dialogue.counts], [[], { encrypted_connections: 1 }])
    })
  })

  describe('what is not one request, one reply', () => {
    it('writes that nobody answers', () => {
      const insert = doc(el.string('insert', 'items'), el.string('$db', 'shop'))
      const dialogue = new Dialogue(mongodb)
        .client(opMsg(insert, { flags: MORE }))
        .wait(20)
        .close()
      assert.deepEqual(seen(dialogue), [['shop.items.insert({})', 'OK']])
      assert.deepEqual(
        [dialogue.events[0]?.event, dialogue.counts],
        [{ start: '2023-11-14T22:13:20.001Z' }, {}],
      )
    })

    it('replies that follow one another, each an event', () => {
      const stream = (id: number, to: number, flags: number) =>
        opMsg(doc(el.int32('n', id), el.double('ok', 1)), { id, to, flags })
      const dialogue = new Dialogue(mongodb)
        .client(
          opMsg(doc(el.int32('hello', 1), el.int32('maxAwaitTimeMS', 10_000), el.string('$db', 'admin')), {
            id: 1,
            flags: 1 << 16,
          }),
        )
        .server(stream(10, 1, MORE))
        .wait(30)
        .server(stream(11, 10, MORE))
        .wait(30)
        .server(stream(12, 11, 0))
        .wait(30)
        .close()
      assert.deepEqual(
        dialogue.events.map(({ method, mongodb, source, status }) => [
          method,
          (mongodb as { n: number }).n,
          (source as { bytes?: number }).bytes ?? 0,
          status,
        ]),
        [
          ['hello', 10, 72, 'OK'],
          ['hello', 11, 0, 'OK'],
          ['hello', 12, 0, 'OK'],
        ],
      )
      assert.deepEqual([dialogue.counts, dialogue.memory.held], [{}, 0])
    })

    it('what waits for news is not late', () => {
      const wait = command(
        1,
        el.int64('getMore', 5),
        el.string('collection', 'items'),
        el.int32('maxTimeMS', 60_000),
      )
      const dialogue = new Dialogue(mongodb).client(wait).wait(59).server(answer(1))
      assert.deepEqual(
        dialogue.events.map(({ status }) => status),
        ['OK'],
      )
      const never = new Dialogue(mongodb).client(wait).wait(100).close()
      assert.deepEqual(notes(never), ['Unmatched request'])
    })
  })

  describe('what is missing', () => {
    it('a reply: at the timeout, and when it comes after all', () => {
      const dialogue = new Dialogue(mongodb).client(find(1)).wait(11)
      assert.deepEqual(notes(dialogue), ['Unmatched request'])
      dialogue.server(found(1))
      assert.deepEqual(
        dialogue.events.map(({ status }) => status),
        ['Error', 'OK'],
      )
      assert.equal(
        notes(dialogue)[1],
        'The response came after transaction_timeout; the request was reported before',
      )
      assert.deepEqual(dialogue.close().counts, { unmatched_requests: 1, late_responses: 1 })
      assert.equal(dialogue.memory.held, 0)
    })

    it('a reply: at the end, when bytes are lost, when an id is used again', () => {
      const lost = 'Packet loss while capturing the response'
      const open = () => new Dialogue(mongodb).client(find(1))
      assert.deepEqual(notes(open().close()), ['Unmatched request'])
      assert.deepEqual(notes(open().gap(0, 10)), ['Unmatched request'])
      assert.deepEqual(notes(open().gap(1, 10)), [['Unmatched request', lost]])
      assert.deepEqual(notes(open().client(find(1, 2)).server(found(1))), ['Unmatched request', undefined])
      assert.deepEqual(notes(open().client('GET / HTTP/1.1\r\n\r\n')), ['Unmatched request'])
      assert.deepEqual(notes(open().wait(11).close()), ['Unmatched request'])
    })

    it('a request', () => {
      const dialogue = new Dialogue(mongodb).server(found(1)).wait(11)
      assert.deepEqual([dialogue.events, dialogue.counts], [[], { unmatched_responses: 1 }])
      assert.equal(dialogue.memory.held, 0)
      assert.deepEqual(new Dialogue(mongodb).server(found(1), found(1)).close().counts, {
        unmatched_responses: 2,
      })
    })

    it('is bounded: of too many requests the oldest is reported', () => {
      const dialogue = new Dialogue(mongodb)
      for (let id = 1; id <= 1025; id++) dialogue.client(find(id))
      assert.deepEqual(notes(dialogue), ['Too many requests without a response'])
      assert.equal(dialogue.counts.evicted_requests, 1)
      assert.equal(dialogue.close().events.length, 1025)
    })

    it('is bounded: without memory a request does not wait', () => {
      const dialogue = new Dialogue(mongodb)
      dialogue.memory.take(64 * 1024 * 1024 - 100)
      dialogue.client(find(1))
      assert.deepEqual(notes(dialogue), ['Too many requests without a response'])
      assert.deepEqual(dialogue.counts, { evicted_requests: 1, unmatched_requests: 1 })
    })
  })

  describe('long messages', () => {
    const documents = (count: number, bytes: number) =>
      list(count, (name) => el.doc(name, doc(el.string('text', 'x'.repeat(bytes)))))
    const pieces = (wire: Buffer, length: number) =>
      Array.from({ length: Math.ceil(wire.length / length) }, (_, i) =>
        wire.subarray(i * length, (i + 1) * length),
      )
    const cursor = (count: number, bytes: number) =>
      el.doc(
        'cursor',
        doc(el.array('firstBatch', ...documents(count, bytes)), el.int64('id', 77), el.string('ns', 'a.b')),
      )

    it('are counted as they come, and hardly held', () => {
      for (const [count, bytes] of [
        [20_000, 100],
        [30, 100_000],
        [3, 5_000_000],
      ] as const)
        for (const flags of [0, CHECKSUM]) {
          const dialogue = new Dialogue(mongodb, both).client(find(1))
          const reply = opMsg(doc(cursor(count, bytes), el.double('ok', 1)), { id: 2, to: 1, flags })
          let most = 0
          for (const piece of pieces(reply, 1460)) {
            dialogue.server(piece)
            most = Math.max(most, dialogue.memory.held)
          }
          dialogue.client(find(2)).server(found(2))
          assert.equal(dialogue.events.length, 2)
          assert.deepEqual(fieldsOf(dialogue), { numberReturned: count, cursorId: '77' })
          assert.equal(bytesOf(dialogue).destination, reply.length)
          assert.match(String(dialogue.events[0]?.response), /^\{"cursor":\{"firstBatch":\[\{"text":"x+/)
          assert.ok(most < 300_000, `${most} bytes held`)
        }
    })

    it('that fail say so, however long', () => {
      const errors = list(20_000, (name) =>
        el.doc(name, doc(el.int32('code', 11000), el.string('errmsg', `duplicate ${name}`))),
      )
      const reply = opMsg(doc(el.int32('n', 0), el.array('writeErrors', ...errors), el.double('ok', 1)), {
        id: 2,
        to: 1,
      })
      const dialogue = new Dialogue(mongodb).client(find(1)).server(...pieces(reply, 4321))
      assert.equal(dialogue.events[0]?.status, 'Error')
      assert.deepEqual(fieldsOf(dialogue), { error: 'duplicate 0', code: 11000, writeErrors: 20_000, n: 0 })
    })

    it('are requests as well: their head tells', () => {
      const insert = doc(el.string('insert', 'items'), el.string('$db', 'shop'))
      const after = sequence('documents', ...list(30, () => doc(el.string('text', 'x'.repeat(50_000)))))
      const wire = opMsg(insert, { after })
      const dialogue = new Dialogue(mongodb, { ...both, max_doc_length: 20 }).client(...pieces(wire, 1460))
      dialogue.server(answer(1, el.int32('n', 30)))
      assert.match(String(dialogue.events[0]?.request), /^shop.items.insert\(\{"documents":\[\{"text":"xxxxx/)
      assert.equal(bytesOf(dialogue).source, wire.length)
      assert.equal(dialogue.close().memory.held, 0)
    })

    it('tell their database after their documents, as today’s drivers do', () => {
      for (const flags of [0, MORE]) {
        const insert = doc(
          el.string('insert', 'items'),
          el.array('documents', ...documents(30, 50_000)),
          el.string('$db', 'shop'),
        )
        const wire = opMsg(insert, { flags })
        const dialogue = new Dialogue(mongodb, { ...both, max_doc_length: 40 }).client(...pieces(wire, 1460))
        if (flags === 0) dialogue.server(answer(1, el.int32('n', 30)))
        const [event] = dialogue.events
        assert.equal(dialogue.events.length, 1)
        assert.deepEqual([event?.resource, event?.query], ['shop.items', 'shop.items.insert({...})'])
        assert.match(String(event?.request), /^shop\.items\.insert\(\{"documents":\[\{"text":"xxx/)
        assert.equal(dialogue.close().memory.held, 0)
      }
    })

    it('that begin with a list are answered, whatever they are', () => {
      const section = (bytes: number) => sequence('documents', doc(el.string('text', 'x'.repeat(bytes))))
      // The document is past the head, or begins in any place near its end.
      for (const bytes of [2_000_000, ...Array.from({ length: 100 }, (_, i) => 65_400 + i)]) {
        const filler = el.string('filler', 'x'.repeat(1_100_000))
        const insert = doc(el.string('insert', 'items'), filler, el.string('$db', 'shop'))
        const dialogue = new Dialogue(mongodb).client(
          ...pieces(opMsg(insert, { before: section(bytes) }), 9999),
        )
        dialogue.server(answer(1, el.int32('n', 1))).close()
        assert.deepEqual([dialogue.events.length, fieldsOf(dialogue).n, dialogue.counts], [1, 1, {}])
      }
    })

    it('of which the rest is lost are told', () => {
      const insert = opMsg(doc(el.string('insert', 'items'), el.array('documents', ...documents(30, 50_000))))
      const dialogue = new Dialogue(mongodb).client(insert.subarray(0, 1_400_000)).gap(0, 1000)
      assert.deepEqual(notes(dialogue), ['Packet loss while capturing the request'])
    })

    it('of old are found documents, of which only the first are looked at', () => {
      const reply = opReply(
        1,
        list(30, () => doc(el.string('text', 'x'.repeat(50_000)))),
      )
      const dialogue = new Dialogue(mongodb, { ...both, max_doc_length: 20 })
      dialogue.client(opQuery(1, 'a.b', doc())).server(...pieces(reply, 1460))
      assert.equal(fieldsOf(dialogue).numberReturned, 30)
    })

    it('that stop short were answered all the same', () => {
      const reply = answer(1, cursor(30, 100_000))
      const dialogue = new Dialogue(mongodb).client(find(1)).server(reply.subarray(0, 1_500_000)).close()
      assert.deepEqual(notes(dialogue), ['Packet loss while capturing the response'])
      assert.equal(dialogue.memory.held, 0)
    })

    it('are not expanded when they are compressed and too long', () => {
      const ask = compressed(find(1), 0, () => Buffer.alloc(11 * 1024 * 1024))
      const dialogue = new Dialogue(mongodb).client(...pieces(ask, 60_000)).server(found(1))
      assert.deepEqual(notes(dialogue), ['The compressed message is too long to be expanded'])
    })
  })

  describe('what is no MongoDB', () => {
    const good = find(1)
    const patched = (at: number, value: number) => {
      const copy = Buffer.from(good)
      copy.writeInt32LE(value, at)
      return copy
    }
    const hostile: Record<string, Buffer> = {
      HTTP: Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
      'a length of less than a header': patched(0, 15),
      'a negative length': patched(0, -1),
      'a length of more than 48 MB': patched(0, 48_000_001),
      'an operation that nobody knows': patched(12, 2014),
      'OP_MSG without a document': message(2013, 1, 0, int32(0)),
      'OP_MSG of two documents': message(
        2013,
        1,
        0,
        int32(0),
        Buffer.of(0),
        doc(el.int32('a', 1)),
        Buffer.of(0),
        doc(),
      ),
      'a document past its message': message(2013, 1, 0, int32(0), Buffer.of(0), int32(100), Buffer.of(0)),
      'a section past its message': message(2013, 1, 0, int32(0), Buffer.of(1), int32(100), text0('a')),
      'a section too short for its name': message(2013, 1, 0, int32(0), Buffer.of(1), int32(5), text0('abc')),
      'OP_MSG of more sections than any command has': opMsg(doc(el.int32('a', 1)), {
        after: Buffer.concat(Array.from({ length: 17 }, () => sequence('a'))),
      }),
      'an empty command': opMsg(doc()),
      'a command of no such name': opMsg(doc(el.int32('a b', 1))),
      'OP_QUERY that is too short': message(2004, 1, 0, int32(0), text0('a.b')),
      'OP_QUERY without an end of its collection': message(2004, 1, 0, int32(0), Buffer.alloc(20, 65)),
      'OP_COMPRESSED that is too short': message(2012, 1, 0, int32(2013)),
      'OP_KILL_CURSORS with fewer than it says': message(2007, 1, 0, int32(0), int32(5), int64(1)),
    }
    for (const [name, wire] of Object.entries(hostile))
      it(`is refused: ${name}`, () => {
        const dialogue = new Dialogue(mongodb).client(wire)
        assert.deepEqual([dialogue.events, dialogue.counts], [[], { malformed: 1 }])
        assert.equal(dialogue.client(find(2)).server(found(2)).events.length, 1)
      })

    it('but an operation of days to come is left out', () => {
      const next = message(2099, 5, 0, Buffer.alloc(100))
      for (const chunks of splits(Buffer.concat([find(1), next, find(2)]))) {
        const dialogue = new Dialogue(mongodb).client(...chunks).server(found(1), found(2))
        assert.equal(dialogue.events.length, 2)
        assert.deepEqual(dialogue.counts, { unknown_operations: 1 })
      }
    })

    it('and what comes from the wrong side is counted', () => {
      const dialogue = new Dialogue(mongodb)
        .client(found(1))
        .server(find(1), opQuery(2, 'a.b', doc()))
        .close()
      assert.deepEqual([dialogue.events, dialogue.counts], [[], { unmatched_responses: 3 }])
    })
  })

  it('forgets a connection that nobody uses', () => {
    const converse = mongodb.start(
      {
        send_request: false,
        send_response: false,
        transaction_timeout: 1e10,
        max_docs: 10,
        max_doc_length: 5000,
      },
      {
        clock: undefined as never,
        memory: { take: () => true, give: () => {} } as never,
        emit: () => {},
        count: () => {},
        waitingRoom: () => ({ enter: () => {}, leave: () => {} }) as never,
      },
    )
    const conversation = converse(undefined as never)
    const say = (direction: 0 | 1, bytes: Buffer) => {
      conversation.data({ time: 0, direction, bytes, start: 0, end: bytes.length, cut: 0 })
      return conversation.idle
    }
    const wire = find(1)
    assert.deepEqual(
      [say(0, wire.subarray(0, 10)), say(0, wire.subarray(10)), say(1, found(1))],
      [false, false, true],
    )
  })
})
