import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { partsOf } from '../../../lib/net/public-suffix.js'

const whole = (name: string) => {
  const { subdomain, registeredDomain, etldPlusOne, topLevelDomain } = partsOf(name)
  return [subdomain, registeredDomain, etldPlusOne, topLevelDomain]
}

describe('the public suffix of a name', () => {
  const names: Record<string, (string | undefined)[]> = {
    'example.com': [undefined, 'example.com', 'example.com', 'com'],
    'a.b.c.example.co.uk': ['a.b.c', 'example.co.uk', 'example.co.uk', 'co.uk'],
    // Companies that let others register below them have suffixes too.
    'deep.x.github.io': ['deep', 'x.github.io', 'x.github.io', 'github.io'],
    '4.3.2.1.in-addr.arpa': ['4.3.2', '1.in-addr.arpa', '1.in-addr.arpa', 'in-addr.arpa'],
    'example.nosuchtld': [undefined, 'example.nosuchtld', 'example.nosuchtld', 'nosuchtld'],
    'co.uk': [undefined, 'co.uk', undefined, undefined],
    com: [undefined, undefined, undefined, undefined],
    localhost: [undefined, undefined, undefined, undefined],
    '.': [undefined, '.', undefined, undefined],
  }
  for (const [name, parts] of Object.entries(names))
    it(`splits ${name}`, () => assert.deepEqual(whole(name), parts))

  it('is found whatever the case, and keeps it', () => {
    assert.deepEqual(whole('wWw.ExAmPlE.cO.zA'), ['wWw', 'ExAmPlE.cO.zA', 'ExAmPlE.cO.zA', 'cO.zA'])
  })

  it('does not end at a dot within a label', () => {
    assert.deepEqual(whole('a\\.b.example'), [undefined, 'a\\.b.example', 'a\\.b.example', 'example'])
    assert.deepEqual(whole('dot\\\\.inside.example'), [
      'dot\\\\',
      'inside.example',
      'inside.example',
      'example',
    ])
    assert.deepEqual(whole('x\\046co\\.uk.example.com'), [
      'x\\046co\\.uk',
      'example.com',
      'example.com',
      'com',
    ])
  })
})
