import { z } from 'zod'
import { sentence } from '../config/check.js'
import { among, nearestName } from '../config/nearest-name.js'
import { UserError } from '../errors.js'

/** An AbortSignal, also one of another realm, as test runners make them. */
export const abortSignal = () => z.custom<AbortSignal>(isSignal, 'must be an AbortSignal')

const isSignal = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as AbortSignal).aborted === 'boolean' &&
  'addEventListener' in value

/**
 * Options as a schema has them, defaults filled in. `of`: the function they are given to.
 * @throws {UserError} 'ERR_OPTIONS' with everything that is wrong.
 */
export function checkOptions<S extends z.ZodObject>(schema: S, options: unknown, of: string): z.output<S> {
  const result = schema.safeParse(options, { reportInput: true, jitless: true })
  if (result.success) return result.data
  const mistakes = result.error.issues.map((issue) => {
    const name = issue.path.join('.')
    if (name !== '') return `${name} ${sentence(issue)}`
    if (issue.code === 'unrecognized_keys') return unknown(issue.keys, Object.keys(schema.shape))
    return issue.code === 'invalid_type' ? 'they must be an object' : sentence(issue)
  })
  throw new UserError('ERR_OPTIONS', `The options of ${of} are wrong: ${mistakes.join('; ')}.`)
}

function unknown(given: readonly string[], allowed: readonly string[]): string {
  const meant = given.map((name) => {
    const near = nearestName(name, allowed)
    return near === undefined ? name : `${name} (did you mean ${near}?)`
  })
  return `there is no ${among(meant)}; allowed: ${among(allowed)}`
}
