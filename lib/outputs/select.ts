import { z } from 'zod'
import { compileFormat, formatString } from '../events/format-string.js'
import type { Document } from '../events/writer.js'
import { type Condition, compileCondition, condition } from '../processors/conditions.js'

/** Where an event goes: its index, topic, key or pipeline. */
export interface Selector {
  /** The answer for every event, where no event changes it. */
  constant: string | undefined
  /** undefined: nothing that is configured fits the event, or it lacks a field. */
  of(event: Document): string | undefined
}

interface Rule {
  mappings?: Record<string, string> | undefined
  default?: string | undefined
  when?: Condition | undefined
}

/** The option for `indices`, `pipelines`, `topics`, `keys`: rules whose format string is called `name`. */
export const rulesOption = <Name extends string>(name: Name, what: string) =>
  z
    .array(
      z.strictObject({
        [name]: formatString.describe(`The ${what}, a format string.`),
        mappings: z
          .record(z.string(), z.string())
          .optional()
          .describe(`What the format string gives, and the ${what} that stands for.`),
        default: z.string().optional().describe(`The ${what} for what \`mappings\` does not have.`),
        when: condition.optional().describe('Only for these events.'),
      } as Record<Name, typeof formatString> & { [K in keyof Rule]-?: z.ZodType<Rule[K]> }),
    )
    .default([])
    .describe(`Rules, tried in their order before \`${name}\`: the first that fits says the ${what}.`)

export interface SelectorOptions {
  /** The format string for events that no rule fits. */
  otherwise: string | undefined
  rules: readonly (Rule & { format: string })[]
  /** Fields that are known to be the same in all events, such as `agent.version`. */
  known: Document
}

export function selector({ otherwise, rules, known }: SelectorOptions): Selector {
  const last = otherwise === undefined || otherwise === '' ? undefined : compileFormat(otherwise)
  const first = rules.map(({ format, mappings, default: standard, when }) => {
    const print = compileFormat(format)
    const meant = when === undefined ? () => true : compileCondition(when)
    return (event: Document): string | undefined => {
      if (!meant(event)) return undefined
      const text = print(event)
      if (mappings === undefined) return text === undefined || text === '' ? standard : text
      return (text === undefined ? undefined : ownOf(mappings, text)) ?? standard
    }
  })
  return {
    constant: rules.length === 0 ? last?.(known) : undefined,
    of(event) {
      for (const rule of first) {
        const chosen = rule(event)
        if (chosen !== undefined && chosen !== '') return chosen
      }
      return last?.(event)
    },
  }
}

const ownOf = (map: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined
