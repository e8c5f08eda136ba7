import type { Cursor } from '../../wire/cursor.js'
import { shortText } from './arguments.js'
import { type Table, type Tables, table, timestamp } from './table.js'

/** Properties of a message. Spec: amqp0-9-1.xml, class basic; §4.2.6.1 for their flags. */
export interface Properties {
  contentType: string | undefined
  contentEncoding: string | undefined
  headers: Table | undefined
  deliveryMode: number | undefined
  priority: number | undefined
  correlationId: string | undefined
  replyTo: string | undefined
  expiration: string | undefined
  messageId: string | undefined
  timestamp: string | undefined
  type: string | undefined
  userId: string | undefined
  appId: string | undefined
}

const CONTENT_TYPE = 1 << 15
const CONTENT_ENCODING = 1 << 14
const HEADERS = 1 << 13
const DELIVERY_MODE = 1 << 12
const PRIORITY = 1 << 11
const CORRELATION_ID = 1 << 10
const REPLY_TO = 1 << 9
const EXPIRATION = 1 << 8
const MESSAGE_ID = 1 << 7
const TIMESTAMP = 1 << 6
const TYPE = 1 << 5
const USER_ID = 1 << 4
const APP_ID = 1 << 3
/** More flags follow: no property of the class basic needs them. */
const MORE = 1

/** Reads flags and properties; undefined where there are none, or none are asked for. */
export function properties(cursor: Cursor, tables: Tables): Properties | undefined {
  const flags = cursor.u16()
  if (flags === 0 || !tables.wanted) return undefined
  if ((flags & MORE) !== 0) throw cursor.malformed('properties that there are not')
  const has = (flag: number) => (flags & flag) !== 0
  return {
    contentType: has(CONTENT_TYPE) ? shortText(cursor) : undefined,
    contentEncoding: has(CONTENT_ENCODING) ? shortText(cursor) : undefined,
    headers: has(HEADERS) ? table(cursor, tables) : undefined,
    deliveryMode: has(DELIVERY_MODE) ? cursor.u8() : undefined,
    priority: has(PRIORITY) ? cursor.u8() : undefined,
    correlationId: has(CORRELATION_ID) ? shortText(cursor) : undefined,
    replyTo: has(REPLY_TO) ? shortText(cursor) : undefined,
    expiration: has(EXPIRATION) ? shortText(cursor) : undefined,
    messageId: has(MESSAGE_ID) ? shortText(cursor) : undefined,
    timestamp: has(TIMESTAMP) ? timestamp(cursor.u64()) : undefined,
    type: has(TYPE) ? shortText(cursor) : undefined,
    userId: has(USER_ID) ? shortText(cursor) : undefined,
    appId: has(APP_ID) ? shortText(cursor) : undefined,
  }
}
