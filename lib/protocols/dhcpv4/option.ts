import type { Field, Fields, Value } from '../../events/fields.js'
import type { DnsWire } from '../../wire/dns.js'
import { fits, type Kind } from './kinds.js'
import type { DhcpTransaction } from './transaction.js'

/** An option: its number, how its data are read, and the fields that show them. */
export interface Option {
  code: number
  /** Whether data of that many bytes can be right; what is not is never read. */
  fits(length: number): boolean
  /** Reads all that is left. undefined: there is nothing to show. @throws {Malformed} when it is not that. */
  read(wire: DnsWire): unknown
  fields: Fields<DhcpTransaction>
}

/** How a field is shown. */
type Shown = Pick<Field<never>, 'type' | 'list' | 'plain' | 'json'>

export const PREFIX = 'dhcpv4.option.'

/**
 * What was read of the options: the value of option N is number N % 16 of block N >> 4. A block without values is not there,
 * and then none of its fields is asked: a message has a dozen of all the options there are.
 */
export type Values = readonly (Block | undefined)[]
export type Block = readonly unknown[]

export const valueAt = (values: Values | undefined, code: number): unknown => values?.[code >> 4]?.[code & 15]

/** By block, what its fields are of. */
const blocks = Array.from({ length: 16 }, (_, block) => ({ message }: DhcpTransaction) => {
  return message.options?.values[block]
})

const field = <V>(
  code: number,
  shown: Shown,
  description: string,
  value: (value: V) => Value,
): Field<DhcpTransaction> => ({
  type: shown.type,
  ...(shown.list === undefined ? {} : { list: shown.list }),
  ...(shown.plain === undefined ? {} : { plain: shown.plain }),
  ...(shown.json === undefined ? {} : { json: shown.json }),
  description,
  of: blocks[code >> 4] as NonNullable<Field<DhcpTransaction>['of']>,
  // It is asked of the block, which the type of a field does not tell.
  value: ((block: Block) => {
    const read = block[code & 15] as V | undefined
    return read === undefined ? undefined : value(read)
  }) as never,
})

/** An option that is one field. */
export const option = (code: number, name: string, kind: Kind, description: string): Option => ({
  code,
  fits: (length) => fits(kind, length),
  read: (wire) => kind.read(wire),
  fields: { [PREFIX + name]: field(code, kind, description, (value: Value) => value) },
})

/** What of an option is a field: its type, its sentence, and where it is. */
export type Part<V> = readonly [shown: Shown, description: string, of: (value: V) => Value]

/** An option of several fields, by their names below `dhcpv4.option.`. */
export const optionOf = <V>(
  code: number,
  read: (wire: DnsWire) => V,
  parts: Readonly<Record<string, Part<V>>>,
): Option => ({
  code,
  fits: () => true,
  read,
  fields: Object.fromEntries(
    Object.entries(parts).map(([name, [shown, description, of]]) => [
      PREFIX + name,
      field(code, shown, description, of),
    ]),
  ),
})

/** How most parts are shown. */
export const shown = {
  keyword: { type: 'keyword' },
  keywords: { type: 'keyword', list: true },
  long: { type: 'long' },
  ips: { type: 'ip', list: true },
} as const satisfies Record<string, Shown>
