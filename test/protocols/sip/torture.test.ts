// What RFC 4475 wants every parser to survive: the valid messages are understood, the others told as far as they go.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Event, request, response, told, udp } from './builder.js'

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`

describe('the torture tests of RFC 4475', () => {
  it('§3.1.1.1: blanks, folds and quotes wherever they may stand', () => {
    const { sip, error } = told(
      lines(
        'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
        'TO :',
        ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        '  ;',
        '  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'Call-ID: wsinv.ndaksdj@192.0.2.1',
        'Content-Length   : 0',
        'cseq: 0009',
        '  INVITE',
        'Via  : SIP  /   2.0',
        ' /UDP',
        '    192.0.2.2;branch=390skdjuw',
        's :',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
        '  branch  =   z9hG4bK9ikj8  ,',
        ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
        ' z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        '      newvalue ;',
        '  secondparam ; q = 0.33',
      ),
    )
    assert.deepEqual(
      [sip.to.tag, sip.to.uri.username, sip.from.display_info, sip.from.tag, sip.max_forwards, sip.cseq.code],
      ['1918181833n', 'vivekg', 'J Rosenberg \\"', '98asjd8', 68, 9],
    )
    assert.deepEqual(
      [sip.via.original.length, sip.contact.display_info, sip.contact.q, error],
      [3, 'Quoted string ""', '0.33', undefined],
    )
  })

  it('§3.1.1.2: a method and a URI of all letters there are', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~"
    const target =
      "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@h.com"
    const { sip } = told(lines(`${method} ${target} SIP/2.0`, `CSeq: 139122385 ${method}`))
    assert.deepEqual(
      [sip.method, sip.uri.username, sip.uri.host, sip.cseq],
      [
        method.toUpperCase(),
        "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
        'h.com',
        { code: 139122385, method: method.toUpperCase() },
      ],
    )
  })

  const uri = 'sip:user@example.com'
  for (const [what, start, expected] of [
    ['§3.1.1.13: no phrase', 'SIP/2.0 100 ', { code: 100 }],
    [
      '§3.1.1.12: a phrase of other letters',
      'SIP/2.0 200 = 2**3 * 5**2 но',
      { code: 200, status: '= 2**3 * 5**2 но' },
    ],
    ['§3.1.2.7: a URI in brackets', `INVITE <${uri}> SIP/2.0`, { method: 'INVITE' }],
    ['§3.1.2.8: a URI with a blank', `INVITE ${uri}; lr SIP/2.0`, { method: 'INVITE' }],
    ['§3.1.2.9: several blanks', `INVITE  ${uri}  SIP/2.0`, { method: 'INVITE' }],
    ['§3.1.2.10: a blank at the end', `OPTIONS ${uri} SIP/2.0  `, { method: 'OPTIONS' }],
    ['§3.1.2.16: another version', `OPTIONS ${uri} SIP/7.0`, { method: 'OPTIONS', version: '7.0' }],
  ] as const)
    it(`${what} is read`, () => {
      const { sip, error } = told(lines(start, 'Call-ID: x'))
      for (const [name, value] of Object.entries(expected)) assert.equal(sip[name], value)
      assert.equal(error, undefined)
    })

  it('§3.1.2.19: a code that overflows is no code', () => {
    assert.deepEqual(udp().client(lines('SIP/2.0 4294967301 better not break the receiver')).counts, {
      malformed: 1,
    })
  })

  const notes = ({ error }: Event) => error?.message
  for (const [what, text, note] of [
    [
      '§3.1.2.2: a length that is too long',
      request('INVITE', { 'Content-Length': '9999' }, 'v=0\r\n'),
      'The body is shorter than its Content-Length',
    ],
    [
      '§3.1.2.3: a negative length',
      request('INVITE', { 'Content-Length': '-999' }, 'v=0\r\n'),
      'The Content-Length is not a number',
    ],
    [
      '§3.1.2.5: numbers that overflow',
      response(503, 'Service Unavailable', { CSeq: '9292394834772304023312 OPTIONS' }),
      undefined,
    ],
    [
      '§3.1.2.6: an unended quotation',
      request('INVITE', { To: '"Mr. J. User <sip:j.user@example.com>' }),
      undefined,
    ],
    [
      '§3.3.8: several values where one may stand',
      request('INVITE', { To: '<sip:a@b>, <sip:c@d>' }),
      undefined,
    ],
    [
      '§3.1.2.13: a Contact with headers that has no brackets',
      request('REGISTER', { Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E' }),
      undefined,
    ],
    [
      '§3.1.2.14: blanks in brackets',
      request('OPTIONS', { To: '"Watson, T." < sip:t.watson@h >' }),
      undefined,
    ],
    [
      '§3.1.2.15: a name that needs quotes',
      request('OPTIONS', { From: 'Bell, A. <sip:a.bell@h>;tag=4' }),
      undefined,
    ],
    ['§3.1.2.17: methods that differ', request('OPTIONS', { CSeq: '8 INVITE' }), undefined],
  ] as const)
    it(`${what} is told`, () => assert.equal(notes(told(text)), note))

  it('names who is meant all the same', () => {
    const { sip } = told(
      request('OPTIONS', { To: '"Watson, T." < sip:t.watson@h >', From: 'Bell, A. <sip:a.bell@h>;tag=4' }),
    )
    assert.deepEqual(
      [sip.to.display_info, sip.to.uri.original, sip.from.display_info, sip.from.uri.username, sip.from.tag],
      ['Watson, T.', 'sip:t.watson@h', 'Bell, A.', 'a.bell', '4'],
    )
  })
})
