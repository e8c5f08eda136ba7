import { Endpoints } from '../events/endpoints.js'
import type { Transaction } from '../events/fields.js'
import type {
  CloseReason,
  Context,
  Conversation,
  Converse,
  Direction,
  Protocol,
  Segment,
} from '../protocols/protocol.js'
import { Malformed } from '../wire/cursor.js'
import type { PluggedProtocol } from './extend.js'
import { isThenable, kindOf, PluginError, Rubbish, refusal } from './failure.js'
import { guardFields } from './guard-fields.js'
import type { PluginSource } from './plugin.js'

/**
 * A protocol of this program as it is; one of a plug-in so that nothing it does hurts more than its own conversation.
 * `wrongField` is told of each field that had to be left out of an event.
 */
export function guardProtocol(protocol: Protocol, wrongField: (error: PluginError) => void): Protocol {
  const { plugin: source } = protocol as Partial<PluggedProtocol>
  if (source === undefined) return protocol
  const { name } = protocol
  const wrong = (field: string, cause: unknown) =>
    wrongField(new PluginError(source, `${name}: field ${field}`, cause))
  return {
    ...protocol,
    counters: {
      ...protocol.counters,
      wrong_fields: 'fields left out, for the plug-in answered no such value',
    },
    fields: guardFields(protocol.fields, wrong),
    start(options, context) {
      const what = `protocol ${name}: start`
      let converse: unknown
      try {
        converse = protocol.start(options, guardContext(context, protocol, source))
      } catch (error) {
        throw refusal(source, what, error)
      }
      if (typeof converse !== 'function')
        throw refusal(source, what, new Rubbish(converse, 'a function that makes conversations'))
      const guard = new Guard(source, name)
      return (endpoints) => {
        const conversation = guard.call('conversation', () => (converse as Converse)(endpoints))
        if (typeof conversation?.data === 'function') return new GuardedConversation(conversation, guard)
        throw guard.error('conversation', new Rubbish(conversation, 'a conversation with `data`'))
      }
    },
  }
}

/** Calls the code of one protocol; whatever it throws says whose it was. */
class Guard {
  readonly #source: PluginSource
  readonly #name: string

  constructor(source: PluginSource, name: string) {
    this.#source = source
    this.#name = name
  }

  call<T>(moment: string, code: () => T): T {
    let answer: T
    try {
      answer = code()
    } catch (error) {
      throw error instanceof Malformed ? error : this.error(moment, error)
    }
    if (!isThenable(answer)) return answer
    throw this.error(moment, new Rubbish(answer, 'at once'))
  }

  error(moment: string, cause: unknown): PluginError {
    return new PluginError(this.#source, `protocol ${this.#name}: ${moment}`, cause)
  }
}

class GuardedConversation implements Conversation {
  readonly #inner: Conversation
  readonly #guard: Guard

  constructor(inner: Conversation, guard: Guard) {
    this.#inner = inner
    this.#guard = guard
  }

  data(segment: Segment): void {
    this.#guard.call('data', () => this.#inner.data(segment))
  }

  gap(direction: Direction, bytes: number, time: number): 'keep' | 'drop' {
    return this.#guard.call('gap', () => this.#inner.gap?.(direction, bytes, time)) === 'keep'
      ? 'keep'
      : 'drop'
  }

  get idle(): boolean {
    return this.#guard.call('idle', () => this.#inner.idle) === true
  }

  get enough(): boolean {
    return this.#guard.call('enough', () => this.#inner.enough) === true
  }

  close(reason: CloseReason, time: number): void {
    this.#guard.call('close', () => this.#inner.close?.(reason, time))
  }
}

function guardContext(
  context: Context<Transaction>,
  { name, counters }: Protocol,
  source: PluginSource,
): Context<Transaction> {
  const guard = new Guard(source, name)
  return {
    clock: context.clock,
    memory: context.memory,
    emit(endpoints, transaction) {
      if (!(endpoints instanceof Endpoints)) throw new TypeError('emit: the first argument must be endpoints')
      const wrong = wrongTransaction(transaction)
      if (wrong !== undefined) throw new TypeError(`emit: ${wrong}`)
      context.emit(endpoints, transaction)
    },
    count(counter, by = 1) {
      if (!Object.hasOwn(counters, counter))
        throw new TypeError(`count: ${counter} is not among its counters`)
      if (!Number.isFinite(by)) throw new TypeError(`count: ${kindOf(by)} is no number`)
      context.count(counter, by)
    },
    waitingRoom(timedOut, timeout) {
      if (typeof timedOut !== 'function')
        throw new TypeError('waitingRoom: the first argument must be a function')
      if (timeout !== undefined && !(timeout > 0))
        throw new TypeError('waitingRoom: the timeout must be nanoseconds, more than 0')
      return context.waitingRoom(
        (request: Parameters<typeof timedOut>[0]) => guard.call('timeout', () => timedOut(request)),
        timeout,
      )
    },
  }
}

const STATUSES: ReadonlySet<string> = new Set<Transaction['status']>([
  'OK',
  'Error',
  'Client Error',
  'Server Error',
  'NO_REPLY',
])

/** What of a transaction is not as its type says. */
function wrongTransaction(transaction: Transaction): string | undefined {
  if (typeof transaction !== 'object' || transaction === null)
    return `${kindOf(transaction)} is no transaction`
  const { start, end, sourceBytes, destinationBytes, status, notes, relatedIps } = transaction
  if (!Number.isFinite(start)) return `start must be a packet time, not ${kindOf(start)}`
  if (end !== undefined && !Number.isFinite(end)) return `end must be a packet time, not ${kindOf(end)}`
  if (!Number.isFinite(sourceBytes)) return `sourceBytes must be a number, not ${kindOf(sourceBytes)}`
  if (!Number.isFinite(destinationBytes))
    return `destinationBytes must be a number, not ${kindOf(destinationBytes)}`
  if (!STATUSES.has(status)) return `status must be OK, Error, Client Error, Server Error or NO_REPLY`
  if (notes !== undefined && !isTexts(notes)) return 'notes must be a list of texts'
  if (relatedIps !== undefined && !isTexts(relatedIps)) return 'relatedIps must be a list of texts'
  return undefined
}

const isTexts = (list: unknown): boolean =>
  Array.isArray(list) && list.every((text) => typeof text === 'string')
