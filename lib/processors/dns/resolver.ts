import { randomInt } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import type { ProcessorContext } from '../processor.js'
import { Remembered } from '../remembered.js'
import type { Asked, Exchange } from './exchange.js'
import { type Answer, type Failure, question, reverseName, type Type } from './message.js'
import type { Server } from './servers.js'
import { StreamExchange } from './stream.js'
import { UdpExchange } from './udp.js'

// Questions under way at once: what a name server and the buffers of sockets bear.
const UNDER_WAY = 256
// Questions that wait for their turn; more than events may wait.
const WAITING = 16_384

// Milliseconds between looks at resolv.conf, which changes with the network of a machine.
const RECHECK = 30_000

/** What is known of a name or an address. */
export type Known = { values: readonly string[] } | { failure: string }

export interface ResolverOptions {
  type: Type
  servers(): Server[]
  /** Connections that are encrypted so, instead of datagrams. */
  tls: ConnectionOptions | undefined
  /** Milliseconds for each server. */
  timeout: number
  success: { most: number; minTtl: number }
  failure: { most: number; ttl: number }
}

/** Asks name servers, each name once at a time, and remembers what they said. Times are milliseconds. */
export class Resolver {
  readonly #options: ResolverOptions
  readonly #count: ProcessorContext['count']
  readonly #known: Remembered<Known>
  readonly #failed: Remembered<Known>
  readonly #asking = new Map<string, Promise<Known>>()
  readonly #turns: (() => void)[] = []
  #underWay = 0
  #ways: { main: Exchange; whole: Exchange }[] | undefined
  /** The one that answered last. */
  #preferred = 0
  #ended = false
  #names = ''
  /** When to look whether other name servers are configured. */
  #recheck = 0

  constructor(options: ResolverOptions, { count, run }: ProcessorContext) {
    this.#options = options
    this.#count = count
    this.#known = new Remembered(options.success.most)
    this.#failed = new Remembered(options.failure.most)
    for (const what of [
      'queries',
      'cache_hits',
      'lookup_failures',
      'timeouts',
      'overflows',
      'unexpected',
      'malformed',
    ])
      count(what, 0)
    run.signal.addEventListener('abort', () => this.#end())
  }

  /** At once when it is remembered. */
  lookup(text: string): Known | Promise<Known> {
    const now = performance.now()
    const known = this.#known.get(text, now) ?? this.#failed.get(text, now)
    if (known !== undefined) {
      this.#count('cache_hits')
      return known
    }
    const asking = this.#asking.get(text)
    if (asking !== undefined) return asking
    const name = this.#options.type === 'PTR' ? reverseName(text) : text
    if (name === undefined) return { failure: 'it is no address' }
    const bytes = question(randomInt(65536), name, this.#options.type)
    if (bytes === undefined) return { failure: 'it is no name' }
    if (this.#turns.length >= WAITING || this.#ended) {
      this.#count('overflows')
      return { failure: 'too many names are asked for' }
    }
    const answer = this.#resolve(text, bytes).finally(() => this.#asking.delete(text))
    this.#asking.set(text, answer)
    return answer
  }

  async #resolve(text: string, bytes: Buffer): Promise<Known> {
    const ways = this.#open()
    const { timeout, success, failure } = this.#options
    const until = performance.now() + timeout * ways.length
    if (this.#underWay >= UNDER_WAY) await new Promise<void>((turn) => this.#turns.push(turn))
    this.#underWay++
    const answer = await this.#askAll(bytes, until)
    this.#underWay--
    this.#turns.shift()?.()
    const now = performance.now()
    if ('values' in answer) {
      const known = { values: answer.values }
      this.#known.set(text, known, now + Math.max(answer.ttl * 1000, success.minTtl))
      return known
    }
    this.#count('lookup_failures')
    const known = { failure: answer.failure }
    if (!this.#ended) this.#failed.set(text, known, now + failure.ttl)
    return known
  }

  /** One server after the other, from the one that answered last. */
  async #askAll(bytes: Buffer, until: number): Promise<Exclude<Answer, 'truncated'>> {
    const ways = this.#ways ?? []
    let last: Failure = { failure: 'no answer in time', final: false }
    const first = this.#preferred
    // Twice, for a lost connection may be made again.
    for (let attempt = 0; attempt < 2 * ways.length && !this.#ended; attempt++) {
      const at = (first + attempt) % ways.length
      const left = until - performance.now()
      if (left <= 0) break
      const way = ways[at] as { main: Exchange; whole: Exchange }
      const wait = Math.min(left, this.#options.timeout)
      let answer = await this.#ask(way.main, bytes, wait)
      if (answer === 'truncated') answer = await this.#ask(way.whole, bytes, wait)
      if (answer !== 'truncated' && ('values' in answer || answer.final)) {
        this.#preferred = at
        return answer
      }
      if (answer !== 'truncated') last = answer
      // Others need not find out, too.
      if (this.#preferred === at) this.#preferred = (at + 1) % ways.length
      if (!last.lost && attempt >= ways.length - 1) break
    }
    return last
  }

  #ask(way: Exchange, bytes: Buffer, wait: number): Promise<Answer> {
    this.#count('queries')
    return new Promise((resolve) => {
      const asked: Asked = {
        bytes: Buffer.from(bytes),
        type: this.#options.type,
        done: (answer) => {
          clearTimeout(repeat)
          clearTimeout(limit)
          way.forget(asked)
          resolve(answer)
        },
      }
      // A datagram may be lost.
      const repeat = setTimeout(() => way.again(asked), wait / 2)
      const limit = setTimeout(() => {
        this.#count('timeouts')
        asked.done({ failure: 'no answer in time', final: false })
      }, wait)
      way.ask(asked)
    })
  }

  #open(): { main: Exchange; whole: Exchange }[] {
    const { servers, tls } = this.#options
    const now = performance.now()
    if (this.#ways !== undefined && now < this.#recheck) return this.#ways
    this.#recheck = now + RECHECK
    const list = servers()
    const names = JSON.stringify(list)
    if (this.#ways !== undefined && names === this.#names) return this.#ways
    this.#close()
    this.#names = names
    this.#preferred = 0
    this.#ways = list.map((server) => {
      const whole = new StreamExchange(server, tls, this.#count)
      return { main: tls === undefined ? new UdpExchange(server, this.#count) : whole, whole }
    })
    return this.#ways
  }

  #end(): void {
    this.#ended = true
    this.#close()
  }

  #close(): void {
    for (const { main, whole } of this.#ways ?? []) {
      main.close()
      whole.close()
    }
  }
}
