import { z } from 'zod'
import { type Address, isIPv4, parseAddress } from './address.js'

/** True when an address is in one of the networks. Takes text. */
export type NetworkMatcher = (ip: string) => boolean

/** True when an address is in it. */
type Network = (address: Address) => boolean

/**
 * Reads `10.0.0.0/8` or `fd00::/8`; bits behind the prefix do not count.
 * @throws {Error} when it is none.
 */
export function parseCidr(text: string): Network {
  const [ip, bits, more] = text.split('/')
  const address = ip === undefined ? undefined : parseAddress(ip)
  if (address === undefined || more !== undefined || !/^\d{1,3}$/.test(bits ?? ''))
    throw new Error(notNetwork(text))
  const offset = isIPv4(address) && !(ip as string).includes(':') ? 96 : 0
  const prefix = Number(bits) + offset
  if (prefix > 128) throw new Error(notNetwork(text))
  const masks = [0, 32, 64, 96].map((at) => mask(prefix - at))
  return (other) =>
    masks.every((mask, index) => (((other[index] as number) ^ (address[index] as number)) & mask) === 0)
}

/** The highest `bits` of a word. */
const mask = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits))

const any = (...blocks: string[]): Network => {
  const networks = blocks.map(parseCidr)
  return (address) => networks.some((network) => network(address))
}

const loopback = any('127.0.0.0/8', '::1/128')
const unspecified = any('0.0.0.0/32', '::/128')
const broadcast = any('255.255.255.255/32')
const linkLocalUnicast = any('169.254.0.0/16', 'fe80::/10')
// RFC 4291 §2.7: ff, four bits of flags, then the scope.
const scoped = (scope: number) =>
  Array.from({ length: 16 }, (_, flags) => `ff${flags.toString(16)}${scope}::/16`)
const interfaceLocalMulticast = any(...scoped(1))
const linkLocalMulticast = any('224.0.0.0/24', ...scoped(2))
const multicast = any('224.0.0.0/4', 'ff00::/8')
// RFC 1918, RFC 4193
const privateUse = any('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')

const none =
  (...networks: Network[]): Network =>
  (address) =>
    !networks.some((network) => network(address))

const unicast = none(unspecified, broadcast, loopback, multicast, linkLocalUnicast)

/** Networks that have names, as `internal_networks` and the network condition use them. */
export const namedNetworks: Readonly<Record<string, Network>> = {
  loopback,
  unicast,
  global_unicast: unicast,
  multicast,
  interface_local_multicast: interfaceLocalMulticast,
  link_local_unicast: linkLocalUnicast,
  link_local_multicast: linkLocalMulticast,
  private: privateUse,
  public: none(
    loopback,
    unspecified,
    broadcast,
    linkLocalUnicast,
    linkLocalMulticast,
    interfaceLocalMulticast,
    privateUse,
  ),
  unspecified,
}

// Addresses come in runs; a table of answers beats parsing them again. Bounded, for there are many addresses.
const REMEMBERED = 8192

/** Answers by text, remembered. What is no address is in no network. */
function byText(network: Network): NetworkMatcher {
  const answers = new Map<string, boolean>()
  return (ip) => {
    let answer = answers.get(ip)
    if (answer === undefined) {
      const address = parseAddress(ip)
      answer = address !== undefined && network(address)
      if (answers.size >= REMEMBERED) answers.clear()
      answers.set(ip, answer)
    }
    return answer
  }
}

/**
 * Tells whether an address is in one of the networks, each a CIDR block or a name of `namedNetworks`.
 * @throws {Error} that names the entry that is neither.
 */
export function parseNetworks(list: readonly string[]): NetworkMatcher {
  const networks = list.map((entry) =>
    Object.hasOwn(namedNetworks, entry) ? (namedNetworks[entry] as Network) : parseCidr(entry),
  )
  return byText((address) => networks.some((network) => network(address)))
}

export const isLoopback = byText(loopback)
/** Link-local, unicast or multicast. */
export const isLinkLocal = byText((address) => linkLocalUnicast(address) || linkLocalMulticast(address))

/** A CIDR block or the name of a network, checked. */
export const networkName = z
  .string({ error: 'must be a CIDR block or the name of a network' })
  .superRefine((text, context) => {
    try {
      parseNetworks([text])
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

const notNetwork = (text: string): string =>
  `must be a CIDR block such as 10.0.0.0/8 or one of ${Object.keys(namedNetworks).join(', ')}, not "${text}"`
