import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, it } from 'node:test'
import { thrift } from '../../../lib/protocols/thrift/index.js'
import { I32, LIST, STRING, STRUCT } from '../../../lib/protocols/thrift/types.js'
import { Dialogue } from '../../support/dialogue.js'
import { binary, bool, call, compact, i32, i64, list, map, reply, struct, text } from './builders.js'

const folder = mkdtempSync(join(tmpdir(), 'thrift-idl-'))
after(() => rmSync(folder, { recursive: true }))
let cases = 0

/** Writes interface files into a folder of their own; returns the path of the first. */
function written(files: Record<string, string>): string {
  const base = join(folder, String(++cases))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true })
    writeFileSync(join(base, name), content)
  }
  return join(base, Object.keys(files)[0] as string)
}

const dialogue = (files: Record<string, string>) => new Dialogue(thrift, { idl_files: [written(files)] })

const shown = ({ events }: Dialogue) =>
  events.map(({ path, query, thrift }) => {
    const { return_value, exceptions } = thrift as Record<string, string>
    return [path, query, exceptions ?? return_value]
  })

/** What is wrong with an interface file, in one sentence; its folder is left out. */
function problem(content: string): string | undefined {
  const { error } = thrift.options.safeParse({ idl_files: [written({ 'a.thrift': content })] })
  assert.ok((error?.issues.length ?? 0) <= 1)
  return error?.issues[0]?.message.replace(/\S*\/(?=a\.thrift)/, '')
}

describe('thrift interface files', () => {
  it('give names to parameters, fields, exceptions and numbers of enumerations, however deep', () => {
    const talk = dialogue({
      'a.thrift': `
        # comments of three kinds
        // in a file
        /* that has
           them all */
        namespace * a
        namespace py.twisted a.b
        cpp_namespace old
        cpp_include "<unordered_map>"
        const i32 LIMIT = -0x1F
        const map<string, list<i32>> TABLE = {'a': [1, 2], "b": []; }
        const double RATE = 1.5e-3
        typedef map<string, Colour> ( cpp.template = "std::map" ) Colours
        typedef Colours Palette
        enum Colour { RED, GREEN = 0x10, BLUE; } (note = "x")
        senum Old { "a", "b" }
        struct Item xsd_all {
          1: required string name = 'it\\'s' (deprecated)
          2: optional Item & part,
          3: list<set<Colour>> sets;
          4: Palette palette
          -1: bool hidden
          i32 unnumbered xsd_optional
          6: map cpp_type "x" <Colour, Item> kin
        } (final)
        union Key { 1: i64 id; 2: slist names }
        exception Gone { 1: Colour why }
        service Shop {
          /** doc comment */
          Item get(1: Key key, 2: list<Key> more = [1]) throws (1: Gone gone, 2: Gone other) (cost = "1"),
          oneway void log(1: byte level)
          async void say()
          list<Colour> all();
        }`,
    })
    const item = struct({
      1: text('x'),
      2: struct({ 1: text('y') }),
      6: map(I32, STRUCT, [i32(0), struct({ 1: text('z') })]),
    })
    talk.client(binary(call('get', { 1: struct({ 1: i64(7) }), 2: list(STRUCT, struct({ 1: i64(8) })) })))
    talk.server(binary(reply('get', { 0: item })))
    const sets = list(LIST, list(I32, i32(16), i32(17), i32(18)))
    const second = struct({ 3: sets, 4: map(STRING, I32, [text('k'), i32(0)]), 9: i32(1) })
    talk.client(compact(call('get'))).server(compact(reply('get', { 0: second })))
    talk.client(binary(call('get'))).server(binary(reply('get', { 1: struct({ 1: i32(16) }) })))
    talk.client(binary(call('all'))).server(binary(reply('all', { 0: list(I32, i32(0), i32(5)) })))
    // Declared so, whatever it was sent as.
    talk.client(binary(call('say')), binary(call('log', { 1: bool(true) })))
    assert.deepEqual(shown(talk), [
      [
        'Shop',
        'get(key: (id: 7), more: [(id: 8)])',
        '(name: "x", part: (name: "y"), kin: {RED: (name: "z")})',
      ],
      ['Shop', 'get()', '(sets: [[GREEN, BLUE, 18]], palette: {"k": RED}, 9: 1)'],
      ['Shop', 'get()', '(gone: (why: GREEN))'],
      ['Shop', 'all()', '[RED, 5]'],
      ['Shop', 'say()', undefined],
      ['Shop', 'log(level: true)', undefined],
    ])
    assert.deepEqual(talk.close().counts, {})
  })

  it('may include one another, in other folders and in a circle, and extend services of others', () => {
    const talk = dialogue({
      'main.thrift': `include "lib/types.thrift"
        service Shop extends types.Base { types.Item get(1: types.Kind kind) }`,
      'lib/types.thrift': `include "../main.thrift"
        enum Kind { ONE = 1 }
        struct Item { 1: Kind kind }
        service Base { i32 count(1: Item of) }`,
    })
    talk.client(binary(call('get', { 1: i32(1) }))).server(binary(reply('get', { 0: struct({ 1: i32(1) }) })))
    talk
      .client(binary(call('count', { 1: struct({ 1: i32(1) }) })))
      .server(binary(reply('count', { 0: i32(1) })))
    // As a multiplexed client calls it.
    talk
      .client(binary(call('Shop:count', { 1: struct({ 1: i32(1) }) })))
      .server(binary(reply('count', { 0: i32(1) })))
    assert.deepEqual(shown(talk), [
      ['Shop', 'get(kind: ONE)', '(kind: ONE)'],
      ['Base', 'count(of: (kind: ONE))', '1'],
      ['Shop', 'count(of: (kind: ONE))', '1'],
    ])
  })

  it('tell methods of the same name by the service that a multiplexed client names', () => {
    const talk = dialogue({ 'a.thrift': 'service A { i32 f(1: i32 a) } service B { i32 f(1: i32 b) }' })
    for (const name of ['A:f', 'B:f', 'f', 'shop:f'])
      talk.client(binary(call(name, { 1: i32(1) }))).server(binary(reply('f', { 0: i32(1) })))
    assert.deepEqual(
      shown(talk).map(([path, query]) => [path, query]),
      [
        ['A', 'f(a: 1)'],
        ['B', 'f(b: 1)'],
        ['A', 'f(a: 1)'],
        ['shop', 'f(a: 1)'],
      ],
    )
  })

  const broken: [string, string][] = [
    ['struct A {\n  1: i32\n}', "a.thrift:3: a name is expected, not '}'"],
    ['struct A {\n  1: i32 a', 'a.thrift:2: a name is expected, not the end'],
    ['\n\nservice S { void f( }', "a.thrift:3: a name is expected, not '}'"],
    ['enum E { A = x }', "a.thrift:1: a whole number is expected, not 'x'"],
    ['hello', "a.thrift:1: 'hello' begins no definition"],
    ['// one\n/* two\n', 'a.thrift:2: "/" is not expected'],
    ['struct A { 1: list<i32 a }', "a.thrift:1: '>' is expected, not 'a'"],
    ['struct A {}\nstruct B { 1: Foo a }\nservice S { void f(1: B b) }', 'a.thrift:2: there is no type Foo'],
    ['typedef B A\ntypedef A B\nservice S { A f() }', 'a.thrift:2: A stands for itself'],
    ['typedef list<A> A\nservice S { A f() }', 'a.thrift:1: A stands for itself'],
    ['service S extends x.T {}', 'a.thrift:1: there is no service x.T'],
    ['service S extends T {}\nservice T extends S {}', 'a.thrift:1: S extends itself'],
    ['namespace js a\ninclude "b.thrift"', 'a.thrift:2: includes a file that does not exist, b.thrift'],
    ['const i32 A = }', "a.thrift:1: a value is expected, not '}'"],
    ['include b', "a.thrift:1: a text in quotes is expected, not 'b'"],
    ['struct A { 1: i32 a } \u0000', 'a.thrift:1: "\\u0000" is not expected'],
  ]
  for (const [content, expected] of broken)
    it(`say where ${JSON.stringify(content)} is wrong`, () => {
      assert.equal(problem(content), `cannot be used, ${expected}`)
    })

  it('are refused when they do not exist', () => {
    const { error } = thrift.options.safeParse({ idl_files: ['nothere.thrift'] })
    assert.equal(error?.issues[0]?.message, 'is a file that does not exist, nothere.thrift')
    assert.match(
      thrift.options.safeParse({ idl_files: [folder] }).error?.issues[0]?.message ?? '',
      /^cannot be used, \S+: EISDIR/,
    )
  })
})
