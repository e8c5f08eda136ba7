import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration } from '../../options/duration.js'
import { anything } from '../../options/values.js'

// Short words for the tables of options of parts that do not exist yet.

export const flag = (value: boolean, text: string) => z.boolean().default(value).describe(text)
export const whole = (value: number, text: string, min = 0) => z.int().min(min).default(value).describe(text)
export const number = (text: string) => z.number().optional().describe(text)
export const text = (description: string, value?: string) => {
  const schema = z.string()
  return (value === undefined ? schema.optional() : schema.default(value)).describe(description)
}
export const format = (description: string, value?: string) => {
  const schema = formatString
  return (value === undefined ? schema.optional() : schema.default(value)).describe(description)
}
export const texts = (description: string, value: string[] = []) =>
  z.array(z.string()).default(value).describe(description)
export const time = (value: number, description: string) => duration().default(value).describe(description)
export const map = (description: string) => anything().optional().describe(description)
export const maps = (description: string) => z.array(anything()).optional().describe(description)
export const oneOf = <const V extends readonly [string, ...string[]]>(
  values: V,
  value: NoInfer<V>[number] | undefined,
  description: string,
) => {
  const schema = z.enum(values)
  return (value === undefined ? schema.optional() : schema.default(value as never)).describe(description)
}
export const section = <S extends Record<string, z.ZodType>>(description: string, shape: S) =>
  z.strictObject(shape).optional().describe(description)
