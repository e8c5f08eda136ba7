import type { z } from 'zod'
import { sentence } from '../config/check.js'
import { UserError } from '../errors.js'

/**
 * Options as a schema has them, defaults filled in. `of`: the function they are given to.
 * @throws {UserError} 'ERR_OPTIONS' with everything that is wrong.
 */
export function checkOptions<S extends z.ZodType>(schema: S, options: unknown, of: string): z.output<S> {
  const result = schema.safeParse(options, { reportInput: true, jitless: true })
  if (result.success) return result.data
  const mistakes = result.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return name === '' ? `it ${sentence(issue)}` : `${name} ${sentence(issue)}`
  })
  throw new UserError('ERR_OPTIONS', `The options of ${of} are wrong: ${mistakes.join('; ')}.`)
}
