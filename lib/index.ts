/**
 * The library: the engine of the command for other programs, and what plug-ins are made of.
 *
 * @packageDocumentation
 */

export type { Analysis, Log } from './api/analysis.js'
export { analyze } from './api/analyze.js'
export type { AnalyzeOptions } from './api/analyze-options.js'
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
export type * from './api/configuration.js'
export type * from './api/events.js'
export * from './api/plugin.js'
export { type ErrorCode, UserError } from './errors.js'
