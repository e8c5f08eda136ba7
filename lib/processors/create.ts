import { type Condition, compileCondition } from './conditions.js'
import type { Process, Processor } from './processor.js'
import { processors as builtIn } from './registry.js'
import { ProcessorRun } from './run.js'
import type { Choice, Entry, ProcessorOptions } from './schema.js'

export interface CreateOptions {
  /** Those there are; the built-in ones unless given. */
  registry?: readonly Processor[]
  /** Called for each event on which a processor failed: with its name (and tag), and why. */
  failed?(processor: string, reason: string): void
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
  const { registry = builtIn as readonly unknown[] as readonly Processor[], failed, run } = options
  const processor = registry.find((processor) => processor.name === name)
  if (processor === undefined) throw new TypeError(`there is no processor ${name}`)
  const { when, tag, ...own } = its ?? (processor.options.parse({}) as ProcessorOptions)
  const called = tag === undefined ? name : `${name} (${tag})`
  const process = processor.create(own, {
    failed: (reason) => failed?.(called, reason),
    count: (what, by = 1) => {
      const counter = `processors.${name}.${what}`
      run.counters[counter] = (run.counters[counter] ?? 0) + by
    },
    run,
  })
  return when === undefined ? process : onlyWhen(when, process)
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
