/**
 * The library: the engine of the command for other programs, and what plug-ins are made of.
 *
 * @packageDocumentation
 */

export * from './api/plugin.js'
export { type ErrorCode, UserError } from './errors.js'
