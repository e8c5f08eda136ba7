import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { split, whole } from '../../../lib/protocols/pgsql/split.js'

describe('the statements of a query string', () => {
  for (const [sql, ...expected] of [
    ['select 1', 'select 1'],
    ['select 1;', 'select 1'],
    [' select 1 ;\n;; select 2 ; ', 'select 1', 'select 2'],
    ["select ';'; select 'it''s;'; select 3", "select ';'", "select 'it''s;'", 'select 3'],
    ['select ";"; select "a"";b"', 'select ";"', 'select "a"";b"'],
    ["select E'\\';'; select e'a'';'", "select E'\\';'", "select e'a'';'"],
    ["select name'\\'; select 2", "select name'\\'", 'select 2'],
    ['do $$ begin; end $$; select 1', 'do $$ begin; end $$', 'select 1'],
    ['do $a$ $b$; $$; $a$; select $1; select 2', 'do $a$ $b$; $$; $a$', 'select $1', 'select 2'],
    ['select a$b$c; select 2', 'select a$b$c', 'select 2'],
    ['select 1 -- one; two\n; select 2', 'select 1 -- one; two', 'select 2'],
    ['/* a; /* b; */ c; */ select 1; select 2', '/* a; /* b; */ c; */ select 1', 'select 2'],
    [
      'create rule r as on insert to t do (delete from a; delete from b); select 1',
      'create rule r as on insert to t do (delete from a; delete from b)',
      'select 1',
    ],
    [
      'create or replace function f() returns int begin atomic select case when true then 1 end; end; select 2',
      'create or replace function f() returns int begin atomic select case when true then 1 end; end',
      'select 2',
    ],
    [
      'create table begin_ (a int); select case when true then 1 end; end',
      'create table begin_ (a int)',
      'select case when true then 1 end',
      'end',
    ],
    ["select 'never closed; select 2", "select 'never closed; select 2"],
    ['select $$ never; closed', 'select $$ never; closed'],
    ['/* never; closed'],
    ['-- ping;'],
    [';;'],
    [''],
  ] as const)
    it(`of ${JSON.stringify(sql.slice(0, 50))}`, () => {
      assert.deepEqual(
        split(sql).map((part) => part.sql),
        expected,
      )
    })

  it('take time in proportion to their length', () => {
    const start = performance.now()
    for (const piece of ["'", '"', '(', '/*', '$a$;', "E'", 'e', '--', ';;', '$$;'])
      split(`;${piece.repeat(1_000_000 / piece.length)};x`)
    assert.ok(performance.now() - start < 3000)
  })

  it('of a Parse message is one, without its semicolon', () => {
    assert.deepEqual([' select 1 ; ', 'select 1', ';'].map(whole), ['select 1', 'select 1', ''])
  })
})
