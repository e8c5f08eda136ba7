/**
 * What plug-ins are made of: own protocols, outputs and processors, as our own folders make them. See docs/plugins.md.
 */

/**
 * The zod that checks configurations here, for schemas of options. A plug-in that imports zod itself works as well, but has
 * a second copy of it loaded at every start.
 */
export { z } from 'zod'
// --- protocols ---------------------------------------------------------------------------------------------------------
export type { Clock } from '../events/clock.js'
// --- processors --------------------------------------------------------------------------------------------------------
export { type FieldAccess, field } from '../events/document.js'
export type { Endpoints } from '../events/endpoints.js'
export {
  defineFields,
  type Field,
  type Fields,
  type FieldType,
  filled,
  type Transaction,
  type Value,
} from '../events/fields.js'
// --- outputs -----------------------------------------------------------------------------------------------------------
export { compileFormat, formatString } from '../events/format-string.js'
export type { Document } from '../events/writer.js'
// --- options -----------------------------------------------------------------------------------------------------------
export {
  type DurationRules,
  duration,
  HOUR,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  SECOND,
} from '../options/duration.js'
export { fileMode, port, ports, size } from '../options/values.js'
export type { Report } from '../outputs/check.js'
export {
  type Delivery,
  defineOutput,
  type Lane,
  type Leftover,
  NOTHING_LEFT,
  type Output,
  type OutputContext,
  OutputEnded,
  type OutputPlugin,
} from '../outputs/output.js'
export { type EventBatch, lineOf } from '../pipeline/batch.js'
// --- a plug-in ---------------------------------------------------------------------------------------------------------
export type { Plugin } from '../plugins/plugin.js'
export {
  defineProcessor,
  type Process,
  type Processor,
  type ProcessorContext,
} from '../processors/processor.js'
export type { RunFacts, RunOfProcessors } from '../processors/run.js'
export {
  type CloseReason,
  type CommonOptions,
  type Context,
  type Conversation,
  type Converse,
  type Direction,
  defineProtocol,
  FROM_CLIENT,
  FROM_SERVER,
  type Protocol,
  type Segment,
} from '../protocols/protocol.js'
export { ById, type Identified } from '../transactions/by-id.js'
export {
  type Exchange,
  type ExchangeRules,
  exchangeCounters,
  exchanges,
} from '../transactions/exchange.js'
export { InOrder, type Limits, type Ordered } from '../transactions/in-order.js'
export * as notes from '../transactions/notes.js'
export { type Statement, Statements } from '../transactions/statements.js'
export type { Waiting, WaitingRoom } from '../transactions/waiting.js'
export { Cursor, Incomplete, Malformed } from '../wire/cursor.js'
export type { Memory } from '../wire/memory.js'
export { Messages, type Parse, type Take } from '../wire/messages.js'
