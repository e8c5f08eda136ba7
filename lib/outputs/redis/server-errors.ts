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

const words: Readonly<Record<string, string>> = {
  SocketClosedUnexpectedlyError: 'the server closed the connection',
  ConnectionTimeoutError: 'no answer while connecting',
  DisconnectsClientError: 'the connection was closed',
  ClientClosedError: 'the connection was closed',
}

/** The first word of what a server said, such as `WRONGTYPE`; undefined: that is no refusal of a server. */
export function refusalOf(error: unknown): string | undefined {
  const { name, constructor, message } = error as Error
  const isReply = [name, constructor.name].some((each) =>
    /^(Simple|Blob|Error)?(Error)?Reply$|ErrorReply/.test(each),
  )
  return isReply ? (/^-?([A-Z]+)\b/.exec(message)?.[1] ?? 'ERR') : undefined
}

/** What went wrong, in a sentence. */
export function told(error: unknown): string {
  const refusal = refusalOf(error)
  if (refusal === undefined) return words[(error as Error).constructor.name] ?? reasonOf(error)
  const { message } = error as Error
  const known = meanings[refusal] ?? (/invalid password/.test(message) ? meanings.WRONGPASS : undefined)
  return known === undefined ? `the server says: ${message}` : `the server says ${refusal}: ${known}`
}
