// Commands whose second word says what is done: both words are the method, the third is what it is done to.
const containers = new Set(
  'ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SENTINEL SLOWLOG XGROUP XINFO'.split(
    ' ',
  ),
)

export interface Named {
  /** Upper case, two words where the command has two. */
  method: string
  /** The first argument. */
  resource: string | undefined
}

export function named(words: readonly string[]): Named {
  const first = (words[0] ?? '').toUpperCase()
  return words.length > 1 && containers.has(first)
    ? { method: `${first} ${(words[1] as string).toUpperCase()}`, resource: words[2] }
    : { method: first, resource: words[1] }
}

/** Commands that are answered once for each channel they name. */
export const isSubscription = (method: string): boolean => /^[PS]?(?:UN)?SUBSCRIBE$/.test(method)
