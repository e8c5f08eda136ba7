import { z } from 'zod'
import { UserError } from '../../errors.js'
import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { duration, MILLISECOND } from '../../options/duration.js'
import { addNote } from '../changes.js'
import { nameList } from '../options.js'
import { defineProcessor } from '../processor.js'
import { Runner } from './runner.js'
import { type Outcome, openSession, type Source } from './session.js'
import { checkSyntax, readSources } from './sources.js'

/** Has a script change events: see README.md beside it. */
export const script = defineProcessor({
  name: 'script',
  title: 'has a script change events',
  options: z
    .strictObject({
      lang: z.enum(['javascript', 'js']).describe('The language of the script.'),
      source: z.string().min(1).optional().describe('The script itself.'),
      file: z
        .string()
        .min(1)
        .optional()
        .describe('A file with it, or a pattern for several; below path.config.'),
      files: nameList.min(1).optional().describe('Files that make it up together.'),
      params: z
        .record(z.string(), z.unknown())
        .optional()
        .describe("What the script's function `register(params)` is given."),
      tag_on_exception: z
        .string()
        .default('_js_exception')
        .describe('The tag of events that the script failed on; empty: none.'),
      timeout: duration()
        .default(100 * MILLISECOND)
        .describe('How long `process(event)` may take for an event; 0: as long as it is by default.'),
      max_cached_sessions: z
        .int()
        .min(0)
        .default(4)
        .describe('Accepted and without effect: a script has one engine.'),
      id: z.string().optional().describe('A name for people.'),
    })
    .refine(
      ({ source, file, files }) => [source, file, files].filter((one) => one !== undefined).length === 1,
      {
        error: 'needs one of source, file and files',
      },
    ),
  create(options, context) {
    const sources: Source[] =
      options.source === undefined
        ? readSources(options.files ?? [options.file ?? ''], context.configPath)
        : [{ name: 'source', text: options.source }]
    checkSyntax(sources)
    const timeout = (options.timeout || 100 * MILLISECOND) / MILLISECOND
    const runner = new Runner({
      open: () => openSession({ sources, params: options.params, context, timeout }),
      timeout,
      count: (name) => context.count(name),
    })
    context.atStart(async () => {
      try {
        await runner.start((session) => session.test())
      } catch (error) {
        const message = `The script ${sources.map(({ name }) => name).join(', ')} cannot be used: ${(error as Error).message}.`
        throw new UserError('ERR_CONFIG_INVALID', message, { cause: error })
      }
    })

    function result(outcome: Outcome): Document | null {
      if (!('wrong' in outcome)) return outcome.event
      const { event, wrong, timedOut } = outcome
      if (!timedOut) context.count('exceptions')
      context.failed(wrong)
      addNote(event, `script: ${wrong}`)
      if (options.tag_on_exception !== '') addTag(event, options.tag_on_exception)
      return event
    }

    return (event) => {
      const outcome = runner.run(event)
      return outcome instanceof Promise ? outcome.then(result) : result(outcome)
    }
  },
})

const tags = field('tags')

function addTag(event: Document, tag: string): void {
  tags.put(event, [...new Set([tags.get(event) ?? [], tag].flat())])
}
