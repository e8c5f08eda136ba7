import type { Field, Value } from '../../events/fields.js'
import type { TlsTransaction } from './transaction.js'

export type TlsField = Field<TlsTransaction>

/** A part of a handshake; undefined: it has none. */
export type PartOf<Part> = (transaction: TlsTransaction) => Part | undefined

/** How a field of a part differs from one of the whole. */
interface PartField<Part, V extends Value>
  extends Pick<TlsField, 'type' | 'description' | 'list' | 'plain' | 'members'> {
  value(part: Part): V | undefined
  json?(value: V): string
}

/** A field of a part of a handshake. */
export const field = <Part, V extends Value>(of: PartOf<Part>, { ...rest }: PartField<Part, V>): TlsField =>
  ({ ...rest, of }) as unknown as TlsField

export const keyword = <Part>(
  of: PartOf<Part>,
  description: string,
  value: (part: Part) => string | undefined,
): TlsField => field(of, { type: 'keyword', description, value })

/** A text that JSON writes as it is: a code, a name of ours, a hash. */
export const plain = <Part>(
  of: PartOf<Part>,
  description: string,
  value: (part: Part) => string | undefined,
): TlsField => field(of, { type: 'keyword', plain: true, description, value })

export const flag = <Part>(
  of: PartOf<Part>,
  description: string,
  value: (part: Part) => boolean | undefined,
): TlsField => field(of, { type: 'boolean', description, value })

/** What belongs to `tls.detailed`. */
export const detailed =
  <Part>(of: PartOf<Part>): PartOf<Part> =>
  (transaction) =>
    transaction.detailed ? of(transaction) : undefined
