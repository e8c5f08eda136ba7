import { z } from 'zod'
import { field } from '../events/document.js'
import { parseAddress } from '../net/address.js'
import { type Change, changes, push } from './changes.js'
import { failOnError, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

/** Answers undefined when the value cannot be one. */
type Conversion = (value: unknown) => unknown

const YES = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const NO = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])
// 0x1f, 0o17, 0b11 and, as in Go, 017.
const WHOLE = /^[+-]?(0x[\da-f]+|0o?[0-7]+|0b[01]+|\d+)$/i

function whole(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.trunc(value)
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || !WHOLE.test(value)) return undefined
  const [sign, digits] = /^[+-]/.test(value) ? [value[0], value.slice(1)] : ['+', value]
  const number = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits)
  return sign === '-' ? -number : number
}

/** Whole numbers from `least` to `most`; beyond them a conversion would change the value. */
const integer =
  (least: number, most: number): Conversion =>
  (value) => {
    const number = whole(value)
    return number !== undefined && number >= least && number <= most ? number : undefined
  }

const real: Conversion = (value) => {
  if (typeof value === 'boolean') return Number(value)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const boolean: Conversion = (value) => {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  return YES.has(String(value)) ? true : NO.has(String(value)) ? false : undefined
}

const conversions = {
  integer: integer(-(2 ** 31), 2 ** 31 - 1),
  long: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  float: real,
  double: real,
  string: (value) => (typeof value === 'object' ? undefined : String(value)),
  boolean,
  ip: (value) => (typeof value === 'string' && parseAddress(value) !== undefined ? value : undefined),
} satisfies Record<string, Conversion>

export type ConvertedType = keyof typeof conversions

/** What a value may become. */
export const convertedTypes = Object.keys(conversions) as [ConvertedType, ...ConvertedType[]]

/** A text as a value of this type; undefined: it cannot be one. */
export const convertText = (text: string, type: ConvertedType): unknown => conversions[type](text)

/** Changes the type of fields, in place or into another field. */
export const convert = defineProcessor({
  name: 'convert',
  title: 'changes the type of fields',
  options: z.strictObject({
    fields: z
      .array(
        z.strictObject({
          from: z.string().min(1),
          to: z.string().default('').describe('Empty: the same field.'),
          type: z.enum(convertedTypes).optional().describe('Left out: the value stays as it is.'),
        }),
      )
      .min(1),
    mode: z.enum(['copy', 'rename']).default('copy').describe('What becomes of `from` when there is a `to`.'),
    ignore_missing: ignoreMissing,
    fail_on_error: failOnError,
  }),
  create: ({ fields, mode, ignore_missing, fail_on_error }, context) =>
    changes(
      'convert',
      fields.map((one) => change(one.from, one.to || one.from, one.type, mode === 'rename', ignore_missing)),
      { failOnError: fail_on_error, context },
    ),
})

function change(
  from: string,
  to: string,
  type: ConvertedType | undefined,
  move: boolean,
  ignoreMissing: boolean,
): Change {
  const source = field(from)
  const target = field(to)
  const converted: Conversion = type === undefined ? structuredClone : conversions[type]
  return (event, undo) => {
    const value = source.get(event)
    if (value === undefined) return ignoreMissing ? undefined : `there is no field ${from}`
    const result = converted(value)
    if (result === undefined) return `${from} is no ${type}`
    if (move && from !== to) push(undo, source.remove(event))
    const put = target.put(event, result)
    push(undo, put)
    return put === undefined ? `a part of ${to} is a field that is no object` : undefined
  }
}
