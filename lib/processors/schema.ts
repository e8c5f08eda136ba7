import { z } from 'zod'
import { type Condition, condition } from './conditions.js'
import type { Processor } from './processor.js'

/** An entry as configured: one processor by its name with its options, or a choice between two lists. */
export type Entry = { [name: string]: ProcessorOptions | null | undefined } | Choice

export interface Choice {
  if: Condition
  then: Entry[]
  else?: Entry[] | undefined
}

export type ProcessorOptions = { when?: Condition | undefined; tag?: string | undefined } & Record<
  string,
  unknown
>

const CHOICE = ['if', 'then', 'else']

/**
 * The schema of a list of processors, as it stands in `processors` at the top, in a protocol and in flows. It is made with
 * the first list that is read: that takes time, and few configurations have one.
 */
export function processorsSchema(registry: readonly Processor[]): z.ZodType<Entry[]> {
  let made: z.ZodType | undefined
  const list = z.lazy(() => {
    made ??= z.array(entrySchema(registry, list))
    return made
  }) as unknown as z.ZodType<Entry[]>
  return list
}

function entrySchema(registry: readonly Processor[], list: z.ZodType<Entry[]>) {
  const names = registry.map(({ name }) => name).join(', ')
  return z
    .strictObject(
      {
        ...Object.fromEntries(registry.map((processor) => [processor.name, optionsOf(processor)])),
        if: condition.optional().describe('Which events `then` is for.'),
        // biome-ignore lint/suspicious/noThenProperty: upstream's name, of a schema that nobody awaits.
        then: list.optional().describe('For events that `if` means.'),
        else: list.optional().describe('For all others.'),
      },
      {
        error: (issue) =>
          issue.code === 'unrecognized_keys'
            ? `${issue.keys} is not a processor; allowed: ${names}`
            : undefined,
      },
    )
    .refine((entry) => wrongEntry(entry) === undefined, {
      error: ({ input }) => wrongEntry(input as object),
      // A name nobody knows has been told already.
      when: ({ issues }) => issues.length === 0,
    })
}

/** With those options that all have. One that can do without any, such as `drop_event`, may stand alone: null in YAML. */
function optionsOf({ options, title }: Processor): z.ZodType {
  const all = options.safeExtend({
    when: condition.optional().describe('Only for these events.'),
    tag: z.string().optional().describe('A name for the log.'),
  })
  return (options.safeParse({}).success ? all.nullable() : all).optional().describe(title)
}

function wrongEntry(entry: object): string | undefined {
  const keys = Object.keys(entry)
  const names = keys.filter((key) => !CHOICE.includes(key))
  const [name] = names
  if (names.length > 1) return `must be one processor, not ${names.length} (${names.join(', ')})`
  if (name !== undefined) {
    if (keys.length > 1) return `must be either ${name} or a choice with \`if\``
    return (entry as Record<string, unknown>)[name] === undefined ? `needs the options of ${name}` : undefined
  }
  if (keys.length === 0) return 'needs the name of a processor'
  return keys.includes('if') && keys.includes('then') ? undefined : 'needs both `if` and `then`'
}
