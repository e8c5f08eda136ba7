import type { Endpoints } from './endpoints.js'

/** What every protocol's transaction has; upstream's names and meanings. */
export interface Transaction {
  /** Packet time of the first message (`Segment.time`): `@timestamp` and `event.start`. */
  start: number
  /** Packet time of the first byte of the answer: `event.end`; without it there is no `event.duration`. */
  end?: number | undefined
  /** Bytes of the request and of the response, without TCP and IP headers. 0 is not written. */
  sourceBytes: number
  destinationBytes: number
  status: 'OK' | 'Error' | 'Client Error' | 'Server Error' | 'NO_REPLY'
  /** `error.message`: a text when there is one, a list when there are more. */
  notes?: string[] | undefined
  /** Beside the endpoints' addresses, in `related.ip`. */
  relatedIps?: readonly string[] | undefined
}

/** Elasticsearch mapping types. */
export type FieldType = 'keyword' | 'text' | 'long' | 'double' | 'boolean' | 'date' | 'ip' | 'object'

/** What a field may hold; undefined: the event does not have it. A `date` is a packet time, or with `plain` a text in ISO 8601. */
export type Value = string | number | boolean | object | undefined

/** A field of an event: the one place that says its type, what it means, and where it comes from. */
export interface Field<T, O = Endpoints> {
  type: FieldType
  /** One sentence for docs/fields.md. */
  description: string
  /**
   * The part of a transaction that it is of, and others with it: it is `value`'s argument in the transaction's place, and
   * where it is undefined, so are they. One function for all of them, so that a transaction is asked once.
   */
  of?(transaction: T, origin: O): unknown
  /** Every event has it. */
  always?: true
  /** All that a text may be. */
  words?: readonly string[]
  /** A number that is a text of digits where a double would not be exact. */
  orText?: true
  /** An array of them; `or one`: a single value is not put in an array. */
  list?: true | 'or one'
  value(transaction: T, origin: O): Value
  /** What `value` says depends on the endpoints alone, so it is kept with the conversation. */
  ofConversation?: true
  /** Of an object: what may be in it, by its name there, for documents and index templates. */
  members?: Members
  /** With `ofConversation`: what a transaction says instead; undefined when it says nothing of its own. */
  own?(transaction: T, origin: O): Value
  /**
   * A text that JSON writes as it is: a token, a number, one of a few words; of a `date` a text in ISO 8601. But for that, of
   * a plug-in nobody relies on it.
   */
  plain?: true
  /** Prints what `value` answers as JSON.stringify would, but faster, since it knows what it is. Not asked of a plug-in. */
  json?(value: never): string
}

/** What may be in an object, by its name there; with dots where it is in an object inside. */
export type Members = Readonly<
  Record<string, Pick<Field<never, never>, 'type' | 'description' | 'list' | 'always' | 'words'>>
>

/** Fields by their full name, such as `http.request.method`. */
export type Fields<T, O = Endpoints> = Readonly<Record<string, Field<T, O>>>

/** Checks a protocol's list of fields and keeps its transaction's type. */
export const defineFields = <T, O = Endpoints>(fields: Fields<T, O>): Fields<T, O> => fields

/** Fields with what may be in their objects, each by its full name. */
export const withMembers = <T, O>(
  fields: Fields<T, O>,
): Readonly<Record<string, Pick<Field<T, O>, 'type' | 'description' | 'list'>>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => [
      [name, field] as const,
      ...Object.entries(field.members ?? {}).map(([member, inner]) => [`${name}.${member}`, inner] as const),
    ]),
  )

/** A value that an event does not show when it is empty: upstream writes no zeros, empty texts or empty lists. */
export const filled = <V extends string | number | readonly unknown[]>(
  value: V | undefined,
): V | undefined =>
  value === undefined || value === 0 || (typeof value !== 'number' && value.length === 0) ? undefined : value
