import type * as Library from '@redis/client'
import { reasonOf } from '../socket/dial.js'

/** What a server's refusals mean, by their first word. */
const meanings: Readonly<Record<string, string>> = {
  NOAUTH: 'it asks for a password; set output.redis.password',
  WRONGPASS: 'it refuses the password; look at output.redis.password and the user in hosts',
  NOPERM: 'the user may not do this; give it the rights to write there',
  OOM: 'its memory is full; raise maxmemory, or have the events read sooner',
  READONLY: 'it is a replica, which cannot be written to; name its primary in output.redis.hosts',
  LOADING: 'it is still loading its data',
  MASTERDOWN: 'it is a replica without its primary',
  MISCONF: 'it cannot save its data and so takes no more; look at its log',
  WRONGTYPE: 'the key has a value that is no list; choose another key, or remove it',
  MOVED: 'it is a node of a cluster that has the key elsewhere, which is not supported',
  CLUSTERDOWN: 'its cluster is down',
  DENIED: 'it is in protected mode; set a password there, or let it listen on the right addresses only',
}

/** The server refused a command; the message says what to do. */
export class Refusal extends Error {
  /** What its answer began with, such as `WRONGTYPE`. */
  readonly word: string

  constructor({ message }: Error) {
    const word = /^([A-Z]+)\b/.exec(message)?.[1] ?? 'ERR'
    const meaning = meanings[word] ?? (/invalid password/.test(message) ? meanings.WRONGPASS : undefined)
    super(meaning === undefined ? `the server says: ${message}` : `the server says ${word}: ${meaning}`)
    this.word = word
  }
}

/** What the library throws, as a sentence. */
export function translated(error: unknown, library: typeof Library): Error {
  if (error instanceof library.ErrorReply) return new Refusal(error)
  const closed = [
    library.SocketClosedUnexpectedlyError,
    library.DisconnectsClientError,
    library.ClientClosedError,
    library.ClientOfflineError,
  ]
  if (closed.some((each) => error instanceof each)) return new Error('the server closed the connection')
  if (error instanceof library.ConnectionTimeoutError) return new Error('no answer while connecting')
  return new Error(reasonOf(error), { cause: error })
}
