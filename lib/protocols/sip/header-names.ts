/** The headers that events tell of, with their compact forms. RFC 3261 §7.3.3 and §20, RFC 7315 (P-Associated-URI). */
const names = {
  accept: '',
  allow: '',
  authorization: '',
  'call-id': 'i',
  contact: 'm',
  'content-length': 'l',
  'content-type': 'c',
  cseq: '',
  from: 'f',
  'max-forwards': '',
  'p-associated-uri': '',
  'proxy-authenticate': '',
  'proxy-authorization': '',
  supported: 'k',
  to: 't',
  'user-agent': '',
  via: 'v',
  'www-authenticate': '',
} as const

export type HeaderName = keyof typeof names

const known = new Map<string, HeaderName>()
/** Length and first letter of those that matter: most others are passed over without a look at the whole name. */
const interesting = new Uint8Array(64 * 32)
const place = (length: number, first: number): number => ((length & 63) << 5) | (first & 31)

for (const [name, compact] of Object.entries(names) as [HeaderName, string][]) {
  const usual = name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())
  for (const spelled of [name, usual, compact, compact.toUpperCase()])
    if (spelled !== '') {
      known.set(spelled, name)
      interesting[place(spelled.length, spelled.charCodeAt(0))] = 1
    }
}
for (const spelled of ['Call-ID', 'CSeq', 'P-Associated-URI', 'WWW-Authenticate'])
  known.set(spelled, spelled.toLowerCase() as HeaderName)

/** The name of the header that stands in `text` from `start` to `end`; undefined: none of them. */
export function headerName(text: string, start: number, end: number): HeaderName | undefined {
  if (interesting[place(end - start, text.charCodeAt(start))] === 0) return undefined
  const spelled = text.slice(start, end)
  return known.get(spelled) ?? known.get(spelled.toLowerCase())
}
