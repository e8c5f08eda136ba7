import { type FieldAccess, field, isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { DEEPEST, isTooDeep } from '../depth.js'
import type { Process, ProcessorContext } from '../processor.js'

// Names may come from traffic.
const MOST_NAMES = 1000
// A script that makes more events in its test, or more processors, does so without end.
const MOST_MADE = 1000
// What a script may put into events before it answers; characters.
const MOST_PUT = 10 * 1024 * 1024

/** The events that a script may touch: number 0 is the one being processed, others it made itself, in its test. */
export class ScriptEvents {
  readonly #context: ProcessorContext
  readonly #events: Document[] = [{}]
  readonly #cancelled = new Set<number>()
  readonly #names = new Map<string, FieldAccess>()
  readonly #processors: Process[] = []
  #room = MOST_PUT

  constructor(context: ProcessorContext) {
    this.#context = context
  }

  begin(event: Document): void {
    this.#events[0] = event
    this.#cancelled.delete(0)
    this.#room = MOST_PUT
  }

  /** What became of event 0; null: cancelled. */
  end(): Document | null {
    const event = this.#at(0)
    this.#events[0] = {}
    return this.#cancelled.has(0) ? null : event
  }

  create(fields: unknown): number {
    if (!isObject(fields)) throw new TypeError('an Event is made of an object')
    if (this.#events.length >= MOST_MADE) throw new RangeError(`a script makes ${MOST_MADE} events at most`)
    return this.#events.push(this.#taken(fields) as Document) - 1
  }

  /** undefined: all of the event; null: it has no such field. */
  get(event: number, name: unknown): unknown {
    if (name === undefined) return this.#at(event)
    return this.#field(name).get(this.#at(event)) ?? null
  }

  /** Answers what was there before. */
  put(event: number, name: unknown, value: unknown): unknown {
    const access = this.#field(name)
    const before = access.get(this.#at(event)) ?? null
    if (access.put(this.#at(event), this.#taken(value)) === undefined)
      throw new TypeError(`a part of ${access.name} is a field that is no object`)
    return before
  }

  rename(event: number, from: unknown, to: unknown): boolean {
    const source = this.#field(from)
    const target = this.#field(to)
    const document = this.#at(event)
    const value = source.get(document)
    if (value === undefined || target.get(document) !== undefined) return false
    const undo = source.remove(document)
    if (target.put(document, value) !== undefined) return true
    undo?.()
    return false
  }

  remove(event: number, name: unknown): boolean {
    return this.#field(name).remove(this.#at(event)) !== undefined
  }

  /** Appends a text to a list that has it not yet; a single text becomes a list. */
  append(event: number, name: unknown, value: unknown): void {
    const access = this.#field(name)
    const present = access.get(this.#at(event)) ?? []
    const list: unknown[] = [present].flat()
    if (!list.every((one) => typeof one === 'string'))
      throw new TypeError(`${access.name} is no list of texts`)
    if (typeof value !== 'string') throw new TypeError('only a text can be appended')
    if (!list.includes(value)) this.put(event, name, [...list, value])
  }

  cancel(event: number): void {
    this.#cancelled.add(event)
  }

  cancelled(event: number): boolean {
    return this.#cancelled.has(event)
  }

  /** Makes a processor, by its name in this program or in upstream's scripts: add_fields or AddFields. */
  processor(name: unknown, options: unknown): number {
    if (this.#processors.length >= MOST_MADE)
      throw new RangeError(`a script makes ${MOST_MADE} processors at most; make them outside of process()`)
    return this.#processors.push(this.#context.processor(String(name), options)) - 1
  }

  run(processor: number, event: number): void {
    const left = (this.#processors[processor] as Process)(this.#at(event))
    if (left instanceof Promise)
      throw new TypeError('a processor that waits for others, such as dns, cannot be used in a script')
    if (left === null) this.#cancelled.add(event)
    else this.#events[event] = left
  }

  #at(event: number): Document {
    return this.#events[event] as Document
  }

  #field(name: unknown): FieldAccess {
    if (typeof name !== 'string' || name === '') throw new TypeError('the name of a field is a text')
    let access = this.#names.get(name)
    if (access === undefined) {
      if (this.#names.size >= MOST_NAMES) this.#names.clear()
      access = field(name)
      this.#names.set(name, access)
    }
    return access
  }

  /** A value for an event, checked. */
  #taken(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new TypeError(`${value} is no value of a field`)
    if (isTooDeep(value)) throw new RangeError(`a value has ${DEEPEST} levels at most`)
    if (typeof value === 'string') this.#room -= value.length
    else if (typeof value === 'object' && value !== null) this.#room -= JSON.stringify(value).length
    if (this.#room < 0) throw new RangeError(`a script puts ${MOST_PUT} characters into an event at most`)
    return value
  }
}
