import { DnsWire } from '../../wire/dns.js'
import { hardwareAddress } from './identifiers.js'
import { valueAt } from './option.js'
import { type Area, codes, type Options, readOptions } from './options.js'

/** A message of DHCP or BOOTP. RFC 2131 §2; RFC 951 §3. */
export interface Message {
  /** A BOOTREPLY, else a BOOTREQUEST. */
  isReply: boolean
  hardwareType: number
  hops: number
  transactionId: number
  seconds: number
  /** The client cannot take its answer but as a broadcast. */
  broadcast: boolean
  /** ciaddr, yiaddr, siaddr, giaddr; empty where they are 0.0.0.0. */
  clientIp: string
  assignedIp: string
  serverIp: string
  relayIp: string
  /** chaddr, as AA-BB-CC-DD-EE-FF. */
  clientMac: string
  /** sname and file, unless they have options. */
  serverName: string
  bootFileName: string
  /** The number in option 53; 0: it is BOOTP, or does not say. */
  type: number
  /** undefined: it is BOOTP, without options that could be known. */
  options: Options | undefined
  /** Bytes on the wire. */
  bytes: number
  /** The capture did not keep all of it. */
  cut: boolean
}

const BOOTREQUEST = 1
const BOOTREPLY = 2
const BROADCAST = 0x8000
const COOKIE = 0x63825363

// Where the fields are, in bytes. RFC 2131 §2, figure 1.
const CHADDR = 28
const SNAME = 44
const FILE = 108
const VEND = 236
const OPTIONS = 240
const MAX_HARDWARE_ADDRESS = SNAME - CHADDR

// Parsing is synchronous and never nested.
const wire = new DnsWire()

/**
 * Reads the message that fills `bytes` from `start` to `end`. `whole`: the bytes it had on the wire; when it had more, what
 * is there is read as far as it goes.
 * @throws {Malformed}
 */
export function message(bytes: Buffer, start: number, end: number, whole: number): Message {
  wire.reset(bytes, start, end)
  const cut = whole > end - start
  if (end - start < (cut ? SNAME : VEND)) throw wire.malformed('less than the fixed part')
  const op = wire.u8()
  if (op !== BOOTREQUEST && op !== BOOTREPLY) throw wire.malformed(`operation ${op}`)
  const hardwareType = wire.u8()
  const hardwareLength = wire.u8()
  const hops = wire.u8()
  const transactionId = wire.u32()
  const seconds = wire.u16()
  const broadcast = (wire.u16() & BROADCAST) !== 0
  const clientIp = filledAddress()
  const assignedIp = filledAddress()
  const serverIp = filledAddress()
  const relayIp = filledAddress()
  const clientMac = hardwareAddress(wire, Math.min(hardwareLength, MAX_HARDWARE_ADDRESS))
  const at = (offset: number) => Math.min(start + offset, end)
  const sname = { start: at(SNAME), end: at(FILE) }
  const file = { start: at(FILE), end: at(VEND) }
  const isDhcp = end - start >= OPTIONS && bytes.readUInt32BE(start + VEND) === COOKIE
  // Without the cookie nearly anything could be a message.
  if (!isDhcp && (hardwareType === 0 || hardwareLength > MAX_HARDWARE_ADDRESS))
    throw wire.malformed(`a hardware address of type ${hardwareType} and ${hardwareLength} bytes`)
  const options = isDhcp ? readOptions(bytes, { start: start + OPTIONS, end }, file, sname) : undefined
  return {
    isReply: op === BOOTREPLY,
    hardwareType,
    hops,
    transactionId,
    seconds: isMicrosoft(options) ? Math.min(seconds, swapped(seconds)) : seconds,
    broadcast,
    clientIp,
    assignedIp,
    serverIp,
    relayIp,
    clientMac,
    serverName: options?.inSname ? '' : textIn(bytes, sname),
    bootFileName: options?.inFile ? '' : textIn(bytes, file),
    type: options?.type ?? 0,
    options,
    bytes: whole,
    cut,
  }
}

// Windows writes the seconds with the lowest byte first, and nobody waits for hours.
const swapped = (word: number): number => ((word & 0xff) << 8) | (word >>> 8)
const isMicrosoft = (options: Options | undefined): boolean =>
  (valueAt(options?.values, codes.CLASS_IDENTIFIER) as string | undefined)?.startsWith('MSFT') === true

function filledAddress(): string {
  const address = wire.ipv4()
  return address === '0.0.0.0' ? '' : address
}

/** The text of a field, which ends with a NUL unless it fills it. */
function textIn(bytes: Buffer, { start, end }: Area): string {
  let to = start
  while (to < end && bytes[to] !== 0) to++
  return bytes.utf8Slice(start, to)
}
