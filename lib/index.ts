/**
 * The library: the engine of the command for other programs, and what plug-ins are made of.
 *
 * @packageDocumentation
 */

export type { Analysis, Log } from './api/analysis.js'
export { analyze } from './api/analyze.js'
export type { AnalyzeOptions } from './api/analyze-options.js'
export type * from './api/configuration.js'
export type * from './api/events.js'
export { type ErrorCode, UserError } from './errors.js'
