import type { Field, Fields, FieldType, Value } from '../events/fields.js'
import type { Origin } from '../events/writer.js'
import { kindOf } from './failure.js'
import { notJson } from './json.js'

type AnyField = Field<unknown, Origin>

/**
 * The fields of a plug-in, so that every event is JSON whatever they answer: what is not of the field's type, or thrown, is
 * left out of the event and told to `wrong`.
 */
export function guardFields(
  fields: Fields<never>,
  wrong: (field: string, cause: unknown) => void,
): Fields<never> {
  const guarded = Object.entries(fields as unknown as Record<string, AnyField>).map(
    ([name, field]) => [name, guardField(name, field, wrong)] as const,
  )
  return Object.fromEntries(guarded) as unknown as Fields<never>
}

function guardField(name: string, field: AnyField, wrong: (field: string, cause: unknown) => void): AnyField {
  // Nobody could check how it prints itself, or that it has a value wherever a conversation's fields must have one.
  const { plain, json: _, ofConversation: __, of, own, ...rest } = field
  const fits = fitting(field)
  const asked = (answer: () => Value): Value => {
    try {
      const value = answer()
      if (value === undefined || value === null) return undefined
      const why = fits(value)
      if (why === undefined) return value
      wrong(name, new Error(why))
    } catch (error) {
      wrong(name, error)
    }
    return undefined
  }
  const isNumber = field.list === undefined && NUMBERS.has(field.type)
  return {
    ...rest,
    ...(isNumber || (field.type === 'date' && !plain) ? {} : { json: JSON.stringify }),
    ...(plain && field.type === 'date' ? { plain } : {}),
    value: (transaction, origin) =>
      asked(() => {
        const answer = own?.call(field, transaction, origin)
        if (answer !== undefined) return answer
        const part = of === undefined ? transaction : of.call(field, transaction, origin)
        return of !== undefined && part === undefined ? undefined : field.value(part, origin)
      }),
  }
}

const NUMBERS: ReadonlySet<FieldType> = new Set(['long', 'double', 'boolean'])

/** Why a value is none of the field; undefined: it is one. */
function fitting({ type, list, plain }: AnyField): (value: unknown) => string | undefined {
  const kind = type === 'date' && !plain && list === undefined ? 'double' : KINDS[type]
  const one = (value: unknown): string | undefined => {
    if (kind === 'object') {
      if (typeof value !== 'object' || value === null) return `it answered ${kindOf(value)}, not an object`
      const inner = notJson(value)
      return inner && `${inner.path === '' ? 'what it answered' : inner.path} ${inner.what}`
    }
    const right =
      kind === 'double' ? typeof value === 'number' && Number.isFinite(value) : typeof value === kind
    return right ? undefined : `it answered ${kindOf(value)}, not ${WORDS[kind]}`
  }
  if (list === undefined) return one
  return (value) => {
    if (Array.isArray(value)) return value.map(one).find((why) => why !== undefined)
    return list === true ? `it answered ${kindOf(value)}, not a list` : one(value)
  }
}

type Kind = 'string' | 'double' | 'boolean' | 'object'

const KINDS: Readonly<Record<FieldType, Kind>> = {
  keyword: 'string',
  text: 'string',
  ip: 'string',
  date: 'string',
  long: 'double',
  double: 'double',
  boolean: 'boolean',
  object: 'object',
}

const WORDS: Readonly<Record<Exclude<Kind, 'object'>, string>> = {
  string: 'a text',
  double: 'a finite number',
  boolean: 'true or false',
}
