import { DnsWire } from '../../wire/dns.js'
import { className, typeName, types } from './codes.js'
import { type Opt, readOpt } from './edns.js'
import { type Resource, resource } from './resource.js'

export interface Question {
  name: string
  type: string
  class: string
}

/** A query or a response. RFC 1035 §4.1. */
export interface Message {
  id: number
  /** The second word of the header: QR, OPCODE, AA, TC, RD, RA, Z, AD, CD, RCODE. */
  flags: number
  /** With the bits that EDNS adds. */
  rcode: number
  /** Bytes on the wire; over TCP with the two of the length. */
  bytes: number
  questions: Question[]
  answers: Resource[]
  /** Empty unless they were asked for, as the additionals. */
  authorities: Resource[]
  additionals: Resource[]
  answersCount: number
  authoritiesCount: number
  /** Without OPT, as upstream counts. */
  additionalsCount: number
  opt: Opt | undefined
  /** The capture did not keep all of it. */
  cut: boolean
}

/** Sections of responses to read; those left out are only stepped over. Of queries, which rarely have any, all are. */
export interface Sections {
  authorities: boolean
  additionals: boolean
}

export const HEADER = 12
// The shortest question: the root and two words; the shortest record: the root, its type, class, TTL and length.
const LEAST_QUESTION = 5
const LEAST_RECORD = 11

export const isResponse = (flags: number): boolean => (flags & 0x8000) !== 0
export const opcodeOf = ({ flags }: Message): number => (flags >>> 11) & 15

/** Whether a header's counts can be true of a message of that many bytes. `at`: index of the header. */
export function isPlausible(bytes: Buffer, at: number, length: number): boolean {
  const records = bytes.readUInt16BE(at + 6) + bytes.readUInt16BE(at + 8) + bytes.readUInt16BE(at + 10)
  return HEADER + bytes.readUInt16BE(at + 4) * LEAST_QUESTION + records * LEAST_RECORD <= length
}

// Parsing is synchronous and never nested.
const wire = new DnsWire()

/**
 * Reads the message that fills `bytes` from `start` to `end`; what follows its last record is not looked at.
 * `whole`: the bytes it had on the wire; when it had more, what is there is read as far as it goes.
 * @throws {Malformed}
 */
export function message(
  bytes: Buffer,
  start: number,
  end: number,
  whole: number,
  sections: Sections,
): Message {
  wire.reset(bytes, start, end)
  if (end - start < HEADER) throw wire.malformed('less than a header')
  if (!isPlausible(bytes, start, whole)) throw wire.malformed('counts of more than there is')
  const id = wire.u16()
  const flags = wire.u16()
  const read: Message = {
    id,
    flags,
    rcode: flags & 15,
    bytes: whole,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    answersCount: 0,
    authoritiesCount: 0,
    additionalsCount: 0,
    opt: undefined,
    cut: whole > end - start,
  }
  const questions = wire.u16()
  read.answersCount = wire.u16()
  read.authoritiesCount = wire.u16()
  read.additionalsCount = wire.u16()
  const all = !isResponse(flags)
  try {
    for (let left = questions; left > 0; left--) read.questions.push(question())
    owner = read.questions[0]?.name ?? ''
    ownerAt = questions > 0 ? HEADER : -1
    records(read.answersCount, read.answers)
    if (all || sections.authorities) records(read.authoritiesCount, read.authorities)
    else skipRecords(read.authoritiesCount)
    if (read.additionalsCount > 0) additionals(read, all || sections.additionals)
  } catch (error) {
    if (!read.cut) throw error
  }
  return read
}

function question(): Question {
  const name = wire.name()
  return { name, type: typeName(wire.u16()), class: className(wire.u16()) }
}

function records(count: number, into: Resource[]): void {
  for (let left = count; left > 0; left--) into.push(resource(wire, ownerName()))
}

function skipRecords(count: number): void {
  for (let left = count; left > 0; left--) {
    wire.skipName()
    wire.skip(8) // type, class, TTL
    wire.skip(wire.u16())
  }
}

// The records of a section mostly have one owner, and mostly it is what was asked for: its name is read once.
let owner = ''
let ownerAt = 0

function ownerName(): string {
  const pointer = wire.pointer()
  if (pointer < 0) return wire.name()
  if (pointer === ownerAt) {
    wire.skip(2)
    return owner
  }
  owner = wire.name()
  ownerAt = pointer
  return owner
}

function additionals(read: Message, wanted: boolean): void {
  for (let left = read.additionalsCount; left > 0; left--) {
    const start = wire.at
    wire.skipName()
    if (wire.u16() === types.OPT && read.opt === undefined) {
      read.opt = readOpt(wire, read.rcode)
      read.rcode |= read.opt.extended << 4
      read.additionalsCount--
    } else if (wanted) {
      wire.at = start
      records(1, read.additionals)
    } else {
      wire.skip(6) // class, TTL
      wire.skip(wire.u16())
    }
  }
}
