import type { z } from 'zod'
import { Fitter, type PlannedUse } from './fit.js'
import { among, nearestName } from './nearest-name.js'
import type { Problems } from './problems.js'
import { isSecretName, withoutSecrets } from './secrets.js'
import type { Node } from './tree.js'

/**
 * Checks a tree against a schema, with defaults filled in. Mistakes go to `problems`; then there may be no value.
 * `path`: where the tree stands in the configuration `root`.
 */
export function check<S extends z.ZodType>(
  schema: S,
  root: Node,
  problems: Problems,
): { value: z.output<S> | undefined; planned: PlannedUse[] } {
  const fitter = new Fitter(root, problems)
  const value = fitter.fit(schema, root)
  const result = schema.safeParse(value, { reportInput: true, jitless: true })
  if (!result.success)
    for (const issue of result.error.issues) {
      if (!problems.explain(issue.path, issue.input === undefined))
        problems.add(root, issue.path, sentence(issue))
    }
  return { value: result.data, planned: fitter.planned }
}

const shown = (value: unknown, path: readonly PropertyKey[]): string => {
  if (path.some((key) => isSecretName(String(key)))) return 'what it is'
  const text = withoutSecrets(JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** What follows the name of a setting in a message. */
export function sentence(issue: z.core.$ZodIssue): string {
  const { input } = issue
  // What a schema says itself is better than what could be made of its code.
  if (!/^(Invalid|Too |Unrecognized)/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      if (input === undefined) return 'is missing'
      return `must be ${TYPES[issue.expected] ?? `a ${issue.expected}`}, not ${shown(input, issue.path)}`
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      const meant = typeof input === 'string' ? nearestName(input, allowed) : undefined
      const guess = meant === undefined ? '' : `did you mean ${meant}? `
      return `must not be ${shown(input, issue.path)}; ${guess}allowed: ${among(allowed.map((value) => value || '""'))}`
    }
    case 'too_small':
    case 'too_big': {
      const least = issue.code === 'too_small'
      const limit = least ? issue.minimum : issue.maximum
      const bound = `${least ? 'at least' : 'at most'} ${limit}`
      if (issue.origin === 'string') return least ? 'must not be empty' : `must have ${bound} characters`
      if (issue.origin === 'array') return `must have ${bound} ${limit === 1 ? 'entry' : 'entries'}`
      return `must be ${bound}, not ${shown(input, issue.path)}`
    }
    case 'unrecognized_keys':
      return `has unknown settings: ${among(issue.keys)}`
    case 'invalid_format':
      return `must not be ${shown(input, issue.path)}`
    case 'invalid_union':
      return `must not be ${shown(input, issue.path)}`
    default:
      return issue.message
  }
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
  object: 'a section with settings of its own',
  record: 'a section of names and values',
}
