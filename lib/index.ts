/**
 * The library: the engine of the command for other programs, and what plug-ins are made of.
 *
 * @packageDocumentation
 */

export {
  type Capture,
  type CaptureIterator,
  type CaptureRows,
  type CaptureStatistics,
  capture,
} from './api/capture.js'
export type { CaptureBatch, CaptureTime } from './api/capture-batch.js'
export type { FlowReport } from './api/capture-flow.js'
export type {
  CaptureFlows,
  CaptureFromDevice,
  CaptureFromFile,
  CaptureLimits,
  CaptureOptions,
  CaptureRead,
} from './api/capture-options.js'
export type { DecodeResult, Packet } from './api/capture-packet.js'
export type { CapturedConversation, ConnectionEnd, Datagram, TcpSegment } from './api/capture-stream.js'
export { type ErrorCode, UserError } from './errors.js'
