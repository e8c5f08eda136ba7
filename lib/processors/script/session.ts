import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import type { Document } from '../../events/writer.js'
import type { ProcessorContext } from '../processor.js'
import { newEngine, within } from './engine.js'
import { ScriptEvents } from './events.js'
import { PRELUDE } from './prelude.js'
import { type Values, valuesOf } from './values.js'

/** A part of a script, and what it is called in messages. */
export interface Source {
  name: string
  text: string
}

export interface SessionOptions {
  sources: readonly Source[]
  params: Record<string, unknown> | undefined
  context: ProcessorContext
  /** Milliseconds that `process` may take. */
  timeout: number
}

/** What `process` made of an event. */
export type Outcome = { event: Document | null } | { event: Document; wrong: string; timedOut: boolean }

/** A script in an engine of its own. */
export interface Session {
  /** For one event. To be called within `within`, for not everything in an engine heeds the timeout. */
  run(event: Document): Outcome
  /** Calls the script's `test`, if it has one. @throws {Error} that says what it threw. */
  test(): void
  /** True: the engine is not to be used again. */
  readonly broken: boolean
  spoil(): void
}

// Loading, `register` and `test` happen once, before events come. Milliseconds.
const START_TIMEOUT = 5000
// Of the 1 MiB that WebAssembly has. Bytes.
const STACK = 128 * 1024
// So that an engine that can stop itself does. Milliseconds.
const LATE = 100
const OUT_OF_MEMORY = 'out of memory'

/** Loads a script. @throws {Error} that says what is wrong with it. */
export async function openSession({ sources, params, context, timeout }: SessionOptions): Promise<Session> {
  const engine = await newEngine()
  const runtime = engine.newRuntime()
  runtime.setMaxStackSize(STACK)
  let deadline = Number.POSITIVE_INFINITY
  runtime.setInterruptHandler(() => performance.now() > deadline)
  const vm = runtime.newContext()
  const events = new ScriptEvents(context)
  let broken = false
  const values = valuesOf(vm)
  const event = expose(vm, values, events)

  /** Calls a function; answers what went wrong. */
  function call(fn: QuickJSHandle, argument: QuickJSHandle | undefined, limit: number): string | undefined {
    deadline = performance.now() + limit
    try {
      const result = vm.callFunction(fn, vm.undefined, ...(argument === undefined ? [] : [argument]))
      if (result.error === undefined) {
        result.value.dispose()
        return undefined
      }
      const wrong = values.told(result.error)
      // What is full stays full.
      if (wrong.includes(OUT_OF_MEMORY)) broken = true
      return wrong
    } catch (error) {
      // The stack of this program, not the engine's own, was too small.
      broken = true
      return (error as Error).message
    }
  }

  function atStart(what: string, fn: QuickJSHandle, argument?: QuickJSHandle): void {
    let wrong: string | undefined
    const whole = within(START_TIMEOUT + LATE, () => {
      wrong = call(fn, argument, START_TIMEOUT)
    })
    if (whole && wrong === undefined) return
    broken = true
    const late = !whole || performance.now() > deadline
    throw new Error(`${what} failed: ${late ? `it took more than ${START_TIMEOUT} ms` : wrong}`)
  }

  for (const { name, text } of sources) {
    const load = vm.newFunction('load', () => {
      const result = vm.evalCode(text, name, { type: 'global' })
      return result.error === undefined ? result.value : { error: result.error }
    })
    atStart(name, load)
  }
  const process = vm.getProp(vm.global, 'process')
  if (vm.typeof(process) !== 'function') throw new Error('it has no function process(event)')
  if (params !== undefined) {
    const register = vm.getProp(vm.global, 'register')
    if (vm.typeof(register) !== 'function')
      throw new Error('it is given params and has no function register(params)')
    atStart('register()', register, values.toGuest(params))
  }

  return {
    run(document) {
      events.begin(document)
      const wrong = call(process, event, timeout)
      const left = events.end()
      if (wrong === undefined) return { event: left }
      return { event: left ?? document, wrong, timedOut: performance.now() > deadline }
    },
    test() {
      const test = vm.getProp(vm.global, 'test')
      if (vm.typeof(test) === 'function') atStart('test()', test)
    },
    get broken() {
      return broken
    },
    spoil() {
      broken = true
    },
  }
}

/** Puts the calls of `ScriptEvents` into the engine. Answers the script's `event`. */
function expose(
  vm: QuickJSContext,
  { toGuest, fromGuest: value }: Values,
  events: ScriptEvents,
): QuickJSHandle {
  const host = vm.newObject()
  const number = (handle: QuickJSHandle | undefined) => vm.getNumber(handle as QuickJSHandle)
  const calls: Record<string, (...handles: QuickJSHandle[]) => unknown> = {
    create: (fields) => events.create(value(fields)),
    get: (id, name) => events.get(number(id), value(name)),
    put: (id, name, it) => events.put(number(id), value(name), value(it) ?? null),
    rename: (id, from, to) => events.rename(number(id), value(from), value(to)),
    remove: (id, name) => events.remove(number(id), value(name)),
    append: (id, name, it) => events.append(number(id), value(name), value(it)),
    cancel: (id) => events.cancel(number(id)),
    cancelled: (id) => events.cancelled(number(id)),
    processor: (name, options) => events.processor(value(name), value(options)),
    run: (processor, id) => events.run(number(processor), number(id)),
  }
  for (const [name, call] of Object.entries(calls))
    vm.newFunction(name, (...handles) => toGuest(call(...handles))).consume((fn) =>
      vm.setProp(host, name, fn),
    )
  const prelude = vm.unwrapResult(vm.evalCode(PRELUDE, 'prelude'))
  return vm.unwrapResult(vm.callFunction(prelude, vm.undefined, host))
}
