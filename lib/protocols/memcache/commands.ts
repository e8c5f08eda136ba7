/** Answers of the text protocol, each a bit, so that a request says with a mask which ones it may have. */
export const Answer = {
  /** ERROR, CLIENT_ERROR, SERVER_ERROR: everything may be answered by them. */
  failed: 1 << 0,
  value: 1 << 1,
  end: 1 << 2,
  stored: 1 << 3,
  notStored: 1 << 4,
  notFound: 1 << 5,
  deleted: 1 << 6,
  touched: 1 << 7,
  ok: 1 << 8,
  version: 1 << 9,
  stat: 1 << 10,
  number: 1 << 11,
  /** BUSY, BADCLASS and others that say why slabs are not moved or an LRU is not crawled. */
  refused: 1 << 12,
  /** A line of a list, such as those of stats cachedump. */
  line: 1 << 13,
  hd: 1 << 14,
  va: 1 << 15,
  en: 1 << 16,
  ns: 1 << 17,
  ex: 1 << 18,
  nf: 1 << 19,
  mn: 1 << 20,
  me: 1 << 21,
  /** A line that nothing is known of. */
  other: 1 << 22,
} as const

const ANY = (1 << 23) - 1

/** How the words after a command are read. */
export type Syntax =
  | 'keys'
  | 'expiry keys'
  | 'store'
  | 'delta'
  | 'key'
  | 'expiry'
  | 'expiry only'
  | 'level'
  | 'args'
  | 'slabs'
  | 'crawler'
  | 'meta'
  | 'meta store'
  | 'none'
  | 'line'

export interface Command {
  name: string
  /** What it does, in Packetbeat's words. */
  type: string
  /** Value of `event.action`. */
  action: string
  syntax: Syntax
  /** Answers that it may have. */
  answers: number
  /** Answers that it may have when it is quiet. */
  quiet: number
  /** It is never answered when all is well, whether or not it says so. */
  unanswered: boolean
}

export function command(
  name: string,
  type: string,
  syntax: Syntax = 'none',
  answers = 0,
  { quiet = 0, unanswered = false } = {},
): Command {
  const { failed } = Answer
  const action = `memcache.${type.toLowerCase()}`
  return { name, type, action, syntax, answers: answers | failed, quiet: quiet | failed, unanswered }
}

const load = Answer.value | Answer.end
const store = Answer.stored | Answer.notStored | Answer.notFound
const { hd, va, en, ns, ex, nf } = Answer
const crawl = Answer.ok | Answer.refused | Answer.line | Answer.end | Answer.en

/** Commands of the text protocol; memcached, doc/protocol.txt and proto_text.c. */
const all: readonly Command[] = [
  command('get', 'Load', 'keys', load),
  command('gets', 'Load', 'keys', load),
  command('gat', 'Load', 'expiry keys', load),
  command('gats', 'Load', 'expiry keys', load),
  ...['set', 'add', 'replace', 'append', 'prepend', 'cas'].map((name) =>
    command(name, 'Store', 'store', store),
  ),
  command('touch', 'Store', 'expiry', Answer.touched | Answer.notFound),
  command('incr', 'Counter', 'delta', Answer.number | Answer.notFound),
  command('decr', 'Counter', 'delta', Answer.number | Answer.notFound),
  command('delete', 'Delete', 'key', Answer.deleted | Answer.notFound),
  command('flush_all', 'Delete', 'expiry only', Answer.ok),
  command('stats', 'Stats', 'args', Answer.stat | Answer.end | Answer.ok | Answer.line),
  command('version', 'Info', 'none', Answer.version),
  command('verbosity', 'Info', 'level', Answer.ok),
  command('quit', 'Info', 'none', 0, { unanswered: true }),
  command('shutdown', 'Info', 'args', 0, { unanswered: true }),
  command('watch', 'Info', 'args', Answer.ok),
  command('cache_memlimit', 'SlabCtrl', 'args', Answer.ok),
  command('slabs', 'SlabCtrl', 'slabs', Answer.ok | Answer.refused),
  command('lru', 'LRUCrawler', 'args', Answer.ok | Answer.refused),
  command('lru_crawler', 'LRUCrawler', 'crawler', crawl),
  command('extstore', 'SlabCtrl', 'args', Answer.ok),
  command('refresh_certs', 'Info', 'none', Answer.ok),
  command('mg', 'Load', 'meta', va | hd | en, { quiet: va | hd }),
  command('ms', 'Store', 'meta store', hd | ns | ex | nf, { quiet: ns | ex | nf }),
  command('md', 'Delete', 'meta', hd | nf | ex, { quiet: nf | ex }),
  command('ma', 'Counter', 'meta', hd | va | nf | ns | ex, { quiet: nf | ns | ex }),
  command('mn', 'Info', 'none', Answer.mn),
  command('me', 'Info', 'meta', Answer.me | en),
]

export const commands: ReadonlyMap<string, Command> = new Map(all.map((each) => [each.name, each]))

/** A command of two words, as the events name it. */
export function ofTwoWords(first: Command, second: string): Command {
  const name = `${first.name} ${second}`
  let known = twoWords.get(name)
  if (known === undefined) {
    known = { ...first, name }
    twoWords.set(name, known)
  }
  return known
}

const twoWords = new Map<string, Command>()

/** A line that begins with no known command; the server answers what it likes. */
export const unknown: Command = command('UNKNOWN', 'UNKNOWN', 'line', ANY)

/** A login over the text protocol, which looks like a `set`. */
export const login: Command = command('set', 'Auth', 'store', store)
