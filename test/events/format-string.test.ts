import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileDate } from '../../lib/events/date-format.js'
import { compileFormat, formatString } from '../../lib/events/format-string.js'

const event = {
  '@timestamp': '2024-03-09T05:06:07.089Z',
  type: 'http',
  http: { response: { status_code: 200 } },
  tags: ['a', 'b'],
}

describe('format strings', () => {
  const cases: Record<string, string | undefined> = {
    plain: 'plain',
    '%{[type]}': 'http',
    'a-%{[type]}-%{[http.response.status_code]}': 'a-http-200',
    '%{[tags]}': '["a","b"]',
    '%{[nothing]:else}': 'else',
    '%{[nothing]:}': '',
    '%{[type]:else}': 'http',
    '%{[nothing]}': undefined,
    'index-%{+yyyy.MM.dd}': 'index-2024.03.09',
  }
  for (const [format, expected] of Object.entries(cases))
    it(`makes ${JSON.stringify(expected)} of ${format}`, () =>
      assert.equal(compileFormat(format)(event), expected))

  for (const wrong of ['%{[type]', '%{type}', '%{}', '%{+QQQ}'])
    it(`refuses ${wrong}`, () => {
      assert.throws(() => compileFormat(wrong))
      assert.equal(formatString.safeParse(wrong).success, false)
    })
})

describe('dates', () => {
  const cases: Record<string, string> = {
    'yyyy.MM.dd': '2024.03.09',
    'yy-M-d': '24-3-9',
    "HH:mm:ss.SSS 'o''clock'": "05:06:07.089 o'clock",
    'EEE, dd MMM yyyy': 'Sat, 09 Mar 2024',
    'EEEE MMMM': 'Saturday March',
    'xxxx.ww.e': '2024.10.6',
    'D hh a': '69 05 AM',
    ZZ: '+00:00',
  }
  for (const [pattern, expected] of Object.entries(cases))
    it(`prints ${pattern}`, () => assert.equal(compileDate(pattern)(new Date(event['@timestamp'])), expected))

  it('gives the days around New Year to the week they are in', () => {
    const week = (day: string) => compileDate('xxxx-ww')(new Date(`${day}T12:00:00Z`))
    assert.deepEqual(['2021-01-03', '2021-01-04', '2024-12-30', '2020-12-31'].map(week), [
      '2020-53',
      '2021-01',
      '2025-01',
      '2020-53',
    ])
  })
})
