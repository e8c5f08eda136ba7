import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileCondition, condition } from '../../lib/processors/index.js'

const event = {
  type: 'http',
  status: 'OK',
  http: { response: { status_code: 404, headers: { 'content-length': '12', 'x.y': 'dotted' } } },
  url: { path: '/static/style.css' },
  tags: ['forwarded-by', 'lan'],
  source: { ip: '192.168.1.4' },
  outer: { ip: ['8.8.8.8', '10.0.0.1'] },
  'top.level': 1,
}

const holds = (configured: unknown) => compileCondition(condition.parse(configured))(event)

const cases: [kind: string, yes: object[], no: object[]][] = [
  [
    'equals',
    [
      { type: 'http' },
      { http: { response: { status_code: 404 } } },
      { 'http.response.status_code': 404, type: 'http' },
      { 'top.level': 1 },
      { 'http.response.headers.x.y': 'dotted' },
    ],
    [
      { type: 'dns' },
      { 'http.response.status_code': '404' },
      { missing: 'x' },
      { type: 'http', status: 'Error' },
      { 'type.deeper': 'x' },
    ],
  ],
  [
    'contains',
    [
      { 'url.path': 'static' },
      { tags: 'forwarded' },
      { tags: 'lan' },
      { 'http.response.headers.content-length': 12 },
    ],
    [{ 'url.path': 'Static' }, { tags: 'wan' }, { 'http.response.status_code': 4 }, { missing: 'x' }],
  ],
  [
    'regexp',
    [
      { 'url.path': '\\.css$' },
      { 'url.path': '(?i)STATIC' },
      { tags: '^l' },
      { type: '(?P<name>http)' },
      { 'url.path': '\\A/static' },
    ],
    [{ 'url.path': '^static' }, { missing: '.*' }],
  ],
  [
    'range',
    [
      { 'http.response.status_code.gte': 404 },
      { http: { response: { status_code: { gt: 400, lt: 500 } } } },
      { 'http.response.headers.content-length.lte': 12 },
    ],
    [
      { 'http.response.status_code.lt': 404 },
      { 'missing.gte': 0 },
      { 'status.gte': 0 },
      { http: { response: { status_code: { gt: 400, lt: 404 } } } },
    ],
  ],
  [
    'network',
    [
      { 'source.ip': 'private' },
      { 'source.ip': ['10.0.0.0/8', '192.168.0.0/16'] },
      { 'outer.ip': 'public' },
      { source: { ip: ['loopback', 'private'] }, outer: { ip: '10.0.0.0/8' } },
    ],
    [{ 'source.ip': 'public' }, { type: 'private' }, { missing: '0.0.0.0/0' }],
  ],
]

for (const [kind, yes, no] of cases)
  describe(kind, () => {
    for (const test of yes)
      it(`holds for ${JSON.stringify(test)}`, () => assert.equal(holds({ [kind]: test }), true))
    for (const test of no)
      it(`does not hold for ${JSON.stringify(test)}`, () => assert.equal(holds({ [kind]: test }), false))
  })

it('tells whether fields are there, all of them', () => {
  assert.equal(holds({ has_fields: ['type', 'http.response'] }), true)
  assert.equal(holds({ has_fields: ['type', 'dns'] }), false)
})

it('joins conditions with and, or and not, at any depth', () => {
  const yes = { equals: { type: 'http' } }
  const no = { equals: { type: 'dns' } }
  assert.equal(holds({ and: [yes, { not: no }] }), true)
  assert.equal(holds({ and: [yes, no] }), false)
  assert.equal(holds({ or: [no, yes] }), true)
  assert.equal(holds({ or: [no, no] }), false)
  assert.equal(holds({ not: { or: [no, { and: [yes, yes] }] } }), false)
})

const refused: [object, RegExp][] = [
  [
    { equal: { type: 'http' } },
    /equal is not a condition; allowed: equals, contains, regexp, range, network, has_fields, and, or, not/,
  ],
  [{}, /needs a condition: equals/],
  [{ equals: { a: 1 }, contains: { b: 'c' } }, /must be one condition, not 2 \(equals, contains\)/],
  [{ regexp: { 'url.path': '[' } }, /must be a regular expression/],
  [{ range: { status: 4 } }, /needs one of lt, lte, gt, gte after the field, such as status\.gte/],
  [{ range: { 'status.gte': 'many' } }, /must be a number/],
  [{ equals: {} }, /needs the name of a field/],
  [{ equals: { type: ['http'] } }, /must be a text, a number, true or false/],
  [{ network: { 'source.ip': ['private', 'inside'] } }, /CIDR block .* not \\"inside/],
  [{ and: [{ or: [{ same: {} }] }] }, /same is not a condition/],
]
for (const [configured, message] of refused)
  it(`refuses ${JSON.stringify(configured)}`, () => {
    assert.throws(() => condition.parse(configured), message)
  })
