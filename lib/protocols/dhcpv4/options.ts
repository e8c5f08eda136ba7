import type { Fields } from '../../events/fields.js'
import { Malformed } from '../../wire/cursor.js'
import { DnsWire } from '../../wire/dns.js'
import type { Option, Values } from './option.js'
import { bootpOptions } from './options-bootp.js'
import { dhcpOptions } from './options-dhcp.js'
import { serviceOptions } from './options-services.js'
import type { DhcpTransaction } from './transaction.js'

/** The options of a message. */
export interface Options {
  values: Values
  /** Option 53: the type of the message; 0: it does not say. */
  type: number
  /** Whether the fields `file` and `sname` carry options. */
  inFile: boolean
  inSname: boolean
  /** Those that no field shows, or that are not what their number says: number and bytes. */
  other: string[]
  /** The last one goes on past the message. */
  broken: boolean
  /** Of how many only the beginning is in `other`. */
  shortened: number
}

/** Options that are more than shown. */
export const codes = {
  PAD: 0,
  HOSTNAME: 12,
  REQUESTED_IP: 50,
  OVERLOAD: 52,
  MESSAGE_TYPE: 53,
  SERVER_IDENTIFIER: 54,
  MESSAGE: 56,
  CLASS_IDENTIFIER: 60,
  FQDN: 81,
  END: 255,
} as const

// Option 52, RFC 2132 §9.3.
const OVER_FILE = 1
const OVER_SNAME = 2

// Bytes that are shown of an option nobody can read: what one has that is not split. Others would only be noise.
const MAX_OTHER = 255

const all: readonly Option[] = [...bootpOptions, ...dhcpOptions, ...serviceOptions]

const byCode: (Option | undefined)[] = []
for (const option of all) byCode[option.code] = option

/** The fields of all options. */
export const optionFields: Fields<DhcpTransaction> = Object.assign({}, ...all.map(({ fields }) => fields))

/** A field of a message that has options. */
export interface Area {
  start: number
  end: number
}

/** By number, start and end of each of its instances. */
type Places = Map<number, number[]>

// Parsing is synchronous and never nested.
const wire = new DnsWire()

/**
 * Reads the options in `area`, and in `file` and `sname` where an option says that they have more. What stands in several
 * places is one option: RFC 3396 §7.
 */
export function readOptions(bytes: Buffer, area: Area, file: Area, sname: Area): Options {
  const places: Places = new Map()
  let broken = collect(bytes, area, places)
  const overload = byteOf(bytes, places.get(codes.OVERLOAD))
  const inFile = (overload & OVER_FILE) !== 0
  const inSname = (overload & OVER_SNAME) !== 0
  if (inFile) broken = collect(bytes, file, places) || broken
  if (inSname) broken = collect(bytes, sname, places) || broken
  const type = byteOf(bytes, places.get(codes.MESSAGE_TYPE))
  const values: unknown[][] = new Array(16)
  const options: Options = { values, type, inFile, inSname, other: [], broken, shortened: 0 }
  for (const [code, at] of places) {
    place(bytes, at)
    const value = read(byCode[code])
    if (value === UNREADABLE) {
      place(bytes, at)
      if (wire.left > MAX_OTHER) options.shortened++
      options.other.push(`${code}:0x${wire.hex(Math.min(wire.left, MAX_OTHER))}`)
    } else if (value !== undefined) {
      const block = values[code >> 4] ?? new Array(16)
      values[code >> 4] = block
      block[code & 15] = value
    }
  }
  return options
}

/** Finds the options of an area. True: the last one goes on past it. RFC 2132 §2. */
function collect(bytes: Buffer, { start, end }: Area, places: Places): boolean {
  for (let at = start; at < end; ) {
    const code = bytes[at++] as number
    if (code === codes.PAD) continue
    if (code === codes.END) return false
    const from = at + 1
    // The length itself may be missing.
    const to = from + (bytes[at] as number)
    if (at >= end || to > end) return true
    const known = places.get(code)
    if (known === undefined) places.set(code, [from, to])
    else known.push(from, to)
    at = to
  }
  return false
}

/** The value of an option of one byte; 0: there is none, or it is not that. */
const byteOf = (bytes: Buffer, [from = 0, to = 0]: readonly number[] = []): number =>
  to === from + 1 ? (bytes[from] as number) : 0

/** Lets the wire read an option, put together if it stands in several places. */
function place(bytes: Buffer, at: readonly number[]): void {
  if (at.length === 2) {
    wire.reset(bytes, at[0] as number, at[1] as number)
    return
  }
  const parts: Buffer[] = []
  for (let i = 0; i < at.length; i += 2) parts.push(bytes.subarray(at[i], at[i + 1]))
  const whole = Buffer.concat(parts)
  wire.reset(whole, 0, whole.length)
}

const UNREADABLE = Symbol('unreadable')

function read(option: Option | undefined): unknown {
  if (option === undefined || !option.fits(wire.left)) return UNREADABLE
  try {
    const value = option.read(wire)
    if (wire.left > 0) return UNREADABLE
    return Array.isArray(value) && value.length === 0 ? undefined : value
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return UNREADABLE
  }
}
