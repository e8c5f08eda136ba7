import { UserError } from '../errors.js'
import { NoAnswer } from '../outputs/output.js'
import { placeOf, told } from './place.js'
import type { PluginSource } from './plugin.js'

/** Code of a plug-in threw, or answered what it must not. The message names the plug-in, what it did, and where. */
export class PluginError extends Error {
  /** The same for all that one line of its code does wrong in one moment. */
  readonly kind: string

  constructor(source: PluginSource, what: string, cause: unknown) {
    const place = placeOf(cause, source)
    const at = place === undefined ? (source.file === undefined ? '' : ` (${source.file})`) : ` at ${place}`
    super(`plug-in ${source.name}: ${what}: ${told(cause)}${at}`, { cause })
    this.name = 'PluginError'
    this.kind = `${source.name} ${what} ${place ?? told(cause)}`
  }
}

/** What somebody answered whom the types do not bind. */
export class Rubbish extends TypeError {
  constructor(answer: unknown, expected: string) {
    super(`it answered ${kindOf(answer)}, not ${expected}`)
    this.name = 'Error'
    if (isThenable(answer)) ignore(answer)
  }
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  if (isThenable(value)) return 'a promise'
  if (typeof value === 'number') return `the number ${value}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  typeof (value as { then?: unknown }).then === 'function'

/** Nobody waits for it, so nobody else would take what it rejects with. */
export const ignore = (promise: PromiseLike<unknown>): void => void promise.then(undefined, () => undefined)

/** A plug-in that does not begin as it should ends the start of a run, as a wrong configuration does. */
export function refusal(source: PluginSource, what: string, cause: unknown): Error {
  if (cause instanceof UserError) return cause
  return new UserError('ERR_PLUGIN_FAILED', `${new PluginError(source, what, cause).message}.`, { cause })
}

/**
 * What `promise` resolves with, or a rejection after that many milliseconds, for one that may never settle.
 * @throws {NoAnswer}
 */
export async function within<T>(milliseconds: number, promise: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = new NoAnswer(`there was no answer in ${milliseconds / 1000} s`)
    timer = setTimeout(() => reject(reason), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
