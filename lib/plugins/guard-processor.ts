import type { Document } from '../events/writer.js'
import { Sparing } from '../logging/sparing.js'
import type { Process, Processor, ProcessorContext } from '../processors/processor.js'
import { isThenable, PluginError, Rubbish, refusal, within } from './failure.js'
import { copyOf, notJson } from './json.js'
import type { PluginSource } from './plugin.js'

// As long as an answer over the network may take; the end of a run waits for events under way.
const LONGEST = 10_000
// What is done before the first event may be more, but must end.
const LONGEST_START = 60_000

/** A processor of a plug-in, so that an event it cannot change goes on as it was. */
export function guardProcessor(processor: Processor, source: PluginSource): Processor {
  const { name, title, options } = processor
  return {
    name,
    title,
    options,
    create(configured, context) {
      const what = `processor ${name}`
      let process: Process
      try {
        process = processor.create(configured, guardContext(context, what, source))
        if (typeof process !== 'function') throw new Rubbish(process, 'a function')
      } catch (error) {
        throw refusal(source, `${what}: create`, error)
      }
      const sparing = new Sparing((message) => context.run.log.warn(message))
      const failed = (cause: unknown) => {
        const { message, kind } = new PluginError(source, what, cause)
        context.failed(message)
        const more = `more are counted as processors.${name}.failures`
        sparing.tell(`${message}; the event goes on as it was (${more})`, kind)
      }
      return guardProcess(process, failed)
    },
  }
}

function guardProcess(process: Process, failed: (cause: unknown) => void): Process {
  const left = (answer: Document | null, event: Document): Document | null => {
    if (answer === null) return null
    if (typeof answer !== 'object' || Array.isArray(answer) || isThenable(answer)) {
      failed(new Rubbish(answer, 'the event or null'))
      return event
    }
    const wrong = notJson(answer)
    if (wrong === undefined) return answer
    failed(new Error(wrong.path === '' ? `the event ${wrong.what}` : `${wrong.path} ${wrong.what}`))
    return event
  }
  return (event) => {
    try {
      // What fails may have changed something before, or still do it when it has been given up.
      const answer = process(copyOf(event))
      if (!isThenable(answer)) return left(answer, event)
      return within(LONGEST, answer).then(
        (settled) => left(settled, event),
        (error) => {
          failed(error)
          return event
        },
      )
    } catch (error) {
      failed(error)
      return event
    }
  }
}

function guardContext(context: ProcessorContext, what: string, source: PluginSource): ProcessorContext {
  const { run } = context
  return {
    ...context,
    run: {
      facts: run.facts,
      signal: run.signal,
      get log() {
        return run.log
      },
      onBegin: (start) =>
        run.onBegin(() => {
          try {
            start()
          } catch (error) {
            run.log.warn(new PluginError(source, `${what}: onBegin`, error).message)
          }
        }),
    },
    atStart: (hook) =>
      context.atStart(async () => {
        try {
          await within(LONGEST_START, Promise.resolve(hook()))
        } catch (error) {
          throw refusal(source, `${what}: atStart`, error)
        }
      }),
  }
}
