import { z } from 'zod'
import { field } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { networkName, parseNetworks } from '../net/networks.js'
import { leaves, nameList, type Tree } from './options.js'
import { compileRegExp, regExpText } from './regexp.js'

/** Tells whether an event is meant. */
export type Test = (event: Document) => boolean

/** A condition as configured: one kind of test, and what it tests. */
export interface Condition {
  equals?: Tree | undefined
  contains?: Tree | undefined
  regexp?: Tree | undefined
  range?: Tree | undefined
  network?: Tree | undefined
  has_fields?: string[] | undefined
  and?: Condition[] | undefined
  or?: Condition[] | undefined
  not?: Condition | undefined
}

const kinds = ['equals', 'contains', 'regexp', 'range', 'network', 'has_fields', 'and', 'or', 'not'] as const
const bounds = ['lt', 'lte', 'gt', 'gte'] as const
type Bound = (typeof bounds)[number]

const list = kinds.join(', ')

// The message of each network of a list; a union would only say that neither form fits.
const network = z.unknown().superRefine((value, context) => {
  for (const issue of z.array(networkName).safeParse([value].flat()).error?.issues ?? [])
    context.addIssue({ code: 'custom', message: issue.message })
})

/** What may stand after `when` or `if`. */
export const condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject(
      {
        equals: byField(
          z.union([z.string(), z.number(), z.boolean()], {
            error: 'must be a text, a number, true or false',
          }),
        ).describe('Fields that have exactly these values.'),
        contains: byField(z.union([z.string(), z.number()], { error: 'must be a text' })).describe(
          'Fields whose text, or whose list of texts, has these in it.',
        ),
        regexp: byField(regExpText).describe('Fields whose text fits these regular expressions.'),
        range: byField(z.number({ error: 'must be a number' }), boundOf).describe(
          'Fields with numbers: `field.gte: 400`; also lt, lte, gt.',
        ),
        network: byField(network).describe(
          'Fields with addresses of these networks: CIDR blocks or names such as `private`.',
        ),
        has_fields: nameList.optional().describe('Fields that must be there.'),
        and: z.array(condition).min(1).optional().describe('All of these.'),
        or: z.array(condition).min(1).optional().describe('One of these at least.'),
        not: condition.optional().describe('Not this one.'),
      },
      {
        error: ({ code, keys }) =>
          code === 'unrecognized_keys' ? `${keys} is not a condition; allowed: ${list}` : undefined,
      },
    )
    .refine((condition) => Object.keys(condition).length === 1, {
      error: ({ input }) => notOne(Object.keys(input as object)),
      // A name nobody knows has been told already.
      when: ({ issues }) => issues.length === 0,
    }),
) as z.ZodType<Condition>

const notOne = (given: readonly string[]): string =>
  given.length === 0
    ? `needs a condition: ${list}`
    : `must be one condition, not ${given.length} (${given.join(', ')}); put them in a list below \`and\` or \`or\``

/** A map from fields to values, fields written with dots or nested. `name` checks what a field is called. */
function byField(leaf: z.ZodType, name?: (name: string) => string | undefined) {
  return z
    .record(z.string(), z.unknown())
    .superRefine((tree, context) => {
      let fields = 0
      for (const [full, value, path] of leaves(tree)) {
        fields++
        const wrong = name?.(full)
        if (wrong !== undefined) context.addIssue({ code: 'custom', path, message: wrong })
        for (const issue of leaf.safeParse(value).error?.issues ?? [])
          context.addIssue({ ...issue, path: [...path, ...issue.path], code: 'custom' })
      }
      if (fields === 0) context.addIssue({ code: 'custom', message: 'needs the name of a field' })
    })
    .optional()
}

function boundOf(name: string): string | undefined {
  const known = bounds.some((bound) => name.endsWith(`.${bound}`))
  return known ? undefined : `needs one of ${bounds.join(', ')} after the field, such as ${name}.gte`
}

/** Compiles a checked condition. */
export function compileCondition(condition: Condition): Test {
  const { equals, contains, regexp, range, network, has_fields, and, or, not } = condition
  if (equals) return every(equals, (expected) => (value) => value === expected)
  if (contains) return every(contains, (part) => ofText((text) => text.includes(String(part))))
  if (regexp) return every(regexp, (pattern) => ofText(matcher(pattern as string)))
  if (range) return every(range, (limit, name) => within(name, limit as number), withoutBound)
  if (network)
    return every(network, (networks) => ofText(parseNetworks([networks as string | string[]].flat())))
  if (has_fields)
    return every(
      Object.fromEntries(has_fields.map((name) => [name, true])),
      () => (value) => value !== undefined,
    )
  if (and) return all(and.map(compileCondition))
  if (or) return some(or.map(compileCondition))
  const test = compileCondition(not as Condition)
  return (event) => !test(event)
}

type Check = (value: unknown) => boolean

function every(
  tree: Tree,
  check: (expected: unknown, name: string) => Check,
  fieldOf = (name: string) => name,
): Test {
  return all(
    [...leaves(tree)].map(([name, expected]) => {
      const { get } = field(fieldOf(name))
      const fits = check(expected, name)
      return (event) => fits(get(event))
    }),
  )
}

const all = (tests: readonly Test[]): Test =>
  tests.length === 1 ? (tests[0] as Test) : (event) => tests.every((test) => test(event))
const some =
  (tests: readonly Test[]): Test =>
  (event) =>
    tests.some((test) => test(event))

/** A check of a text, or of any in a list of texts. */
const ofText =
  (check: (text: string) => boolean): Check =>
  (value) =>
    typeof value === 'string'
      ? check(value)
      : Array.isArray(value) && value.some((one) => typeof one === 'string' && check(one))

function matcher(pattern: string): (text: string) => boolean {
  const regExp = compileRegExp(pattern)
  return (text) => regExp.test(text)
}

const compare: Readonly<Record<Bound, (value: number, limit: number) => boolean>> = {
  lt: (value, limit) => value < limit,
  lte: (value, limit) => value <= limit,
  gt: (value, limit) => value > limit,
  gte: (value, limit) => value >= limit,
}

function within(name: string, limit: number): Check {
  const fits = compare[name.slice(name.lastIndexOf('.') + 1) as Bound]
  return (value) => {
    // A header's number may still be text.
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    return typeof number === 'number' && fits(number, limit)
  }
}

const withoutBound = (name: string): string => name.slice(0, name.lastIndexOf('.'))
