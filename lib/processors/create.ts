import { prettifyError } from 'zod'
import { type Condition, compileCondition } from './conditions.js'
import type { Process, Processor, ProcessorContext } from './processor.js'
import { processors as builtIn } from './registry.js'
import { ProcessorRun } from './run.js'
import type { Choice, Entry, ProcessorOptions } from './schema.js'

export interface CreateOptions {
  /** Those there are; the built-in ones unless given. */
  registry?: readonly Processor[]
  /** Called for each event on which a processor failed: with its name (and tag), and why. */
  failed?(processor: string, reason: string): void
  /** Where processors count; names are `processors.PROCESSOR.NAME`. */
  counters?: Record<string, number>
  /** Relative paths of files are below this folder; the current one unless given. */
  configPath?: string
  /** Where processors keep what is to last; the current folder unless given. */
  dataPath?: string
  /** What is to be done before the first event. */
  starts?: (() => Promise<void>)[]
  /** The run they are for; one of their own that has begun unless given. */
  run?: ProcessorRun
}

/** Makes the processors of a checked list (`processorsSchema`), in its order. */
export function createProcessors(configured: readonly Entry[], options: CreateOptions = {}): Process[] {
  return made(configured, { run: new ProcessorRun().begin(), ...options })
}

type Options = CreateOptions & { run: ProcessorRun }

function made(configured: readonly Entry[], options: Options): Process[] {
  return configured.flatMap((entry) => {
    if (isChoice(entry)) return choice(entry, options)
    return Object.entries(entry).map(([name, its]) => one(name, its, options))
  })
}

const isChoice = (entry: Entry): entry is Choice => 'if' in entry && 'then' in entry

function one(name: string, its: ProcessorOptions | null | undefined, options: Options): Process {
  const processor = find(name, options)
  const { when, tag, ...own } = its ?? (processor.options.parse({}) as ProcessorOptions)
  const called = tag === undefined ? name : `${name} (${tag})`
  const process = processor.create(own, contextOf(name, called, options))
  return when === undefined ? process : onlyWhen(when, process)
}

function find(name: string, options: Options): Processor {
  const { registry = builtIn as readonly unknown[] as readonly Processor[] } = options
  // In upstream's scripts they are called CommunityID and URLDecode.
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase()
  const processor = registry.find((processor) => plain(processor.name) === plain(name))
  if (processor === undefined) throw new TypeError(`there is no processor ${name}`)
  return processor
}

function contextOf(name: string, called: string, options: Options): ProcessorContext {
  const { failed, run, dataPath = '' } = options
  const { counters = run.counters, configPath = run.facts.folder, starts = run.starts } = options
  const count = (what: string, by = 1) => {
    const counter = `processors.${name}.${what}`
    counters[counter] = (counters[counter] ?? 0) + by
  }
  return {
    failed(reason) {
      count('failures')
      failed?.(called, reason)
    },
    count,
    run,
    configPath,
    dataPath,
    processor(other, configured) {
      const processor = find(other, options)
      const checked = processor.options.safeParse(configured)
      if (!checked.success) throw new TypeError(`${processor.name}: ${prettifyError(checked.error)}`)
      return one(processor.name, checked.data as ProcessorOptions, options)
    },
    atStart: (hook) => void starts?.push(hook),
  }
}

function onlyWhen(condition: Condition, process: Process): Process {
  const meant = compileCondition(condition)
  return (event) => (meant(event) ? process(event) : event)
}

function choice(entry: Choice, options: Options): Process {
  const meant = compileCondition(entry.if)
  const yes = inTurn(made(entry.then, options))
  const no = inTurn(made(entry.else ?? [], options))
  return (event) => (meant(event) ? yes(event) : no(event))
}

/** Processors as one. */
const inTurn =
  (list: readonly Process[], from = 0): Process =>
  (event) => {
    let document = event
    for (let at = from; at < list.length; at++) {
      const left = (list[at] as Process)(document)
      if (left instanceof Promise)
        return left.then((done) => (done === null ? null : inTurn(list, at + 1)(done)))
      if (left === null) return null
      document = left
    }
    return document
  }
