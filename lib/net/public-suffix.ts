import { createRequire } from 'node:module'

// Loaded with the first name: who watches no DNS need not read the list of thousands of suffixes.
const require = createRequire(import.meta.url)
let list: typeof import('tldts') | undefined

/** What the public suffix list says of a name: the parts of `dns.question`. */
export interface NameParts {
  registeredDomain?: string
  /** The registered domain, but only where there is a suffix below it. */
  etldPlusOne?: string
  topLevelDomain?: string
  subdomain?: string
}

const options = {
  // Suffixes of companies that let others register below them, such as github.io, as upstream's list has them.
  allowPrivateDomains: true,
  // What is looked up is always a name and never a URL.
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
}

/**
 * Splits a name at its public suffix. Looked up in lower case, because resolvers mix the cases at random
 * (draft-vixie-dnsext-dns0x20); answered in the case of the name. A look-up costs less than keeping its result would.
 */
export function partsOf(name: string): NameParts {
  list ??= require('tldts') as typeof import('tldts')
  const { domain, publicSuffix } = list.parse(lookedUp(name), options)
  if (domain === null || publicSuffix === null)
    // A suffix itself is not registered by anyone; upstream makes an exception for those of two labels, and the root.
    return name.split('.').length === 2 ? { registeredDomain: name } : {}
  const start = name.length - domain.length
  const registered = name.slice(start)
  const parts: NameParts = {
    registeredDomain: registered,
    etldPlusOne: registered,
    topLevelDomain: name.slice(name.length - publicSuffix.length),
  }
  if (start > 1) parts.subdomain = name.slice(0, start - 1)
  return parts
}

/** The name in lower case, where a dot within a label does not separate; as long as the name. */
const lookedUp = (name: string): string =>
  (name.includes('\\')
    ? name.replace(/\\(?:\d{3}|.)/g, (escaped) => '_'.repeat(escaped.length))
    : name
  ).toLowerCase()
