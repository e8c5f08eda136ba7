import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { Connection, type ConnectionSettings } from './connection.js'
import type { Address } from './dial.js'
import { INVALID_TOPIC, mayBeReadySoon, NO_ERROR, told } from './errors.js'
import { type Metadata, metadata } from './requests.js'

/** A topic as brokers describe it. */
export interface Topic {
  /** undefined: events can be sent to it. */
  problem: string | undefined
  /** Brokers will never take this name. */
  invalid: boolean
  /** By partition: the number of the broker that leads it; -1: none does. */
  leaders: readonly number[]
  /** When it was asked for, by `performance.now()`. */
  at: number
}

export interface ClusterSettings {
  hosts: readonly Address[]
  connection: ConnectionSettings
  /** Milliseconds that an answer about a topic is good for. */
  refresh: number
  /** Tries more to hear of a topic that is not ready, and milliseconds between them. */
  retries: number
  backoff: number
}

// Topics may be named by what is in events: more than these are asked for again.
const MOST_TOPICS = 1024

/** The brokers of a cluster: which of them leads what, and connections to them. */
export class Cluster {
  readonly #settings: ClusterSettings
  readonly #topics = new Map<string, Topic>()
  readonly #addresses = new Map<number, Address>()
  /** By address. */
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #aborting = new AbortController()
  #closed = false

  constructor(settings: ClusterSettings) {
    this.#settings = settings
    // Each connection listens.
    setMaxListeners(0, this.#aborting.signal)
  }

  /** What is known of these topics, asked for where it is not. Rejects when no broker answers. */
  async topics(names: readonly string[]): Promise<ReadonlyMap<string, Topic>> {
    const { retries, backoff } = this.#settings
    const answer = new Map<string, Topic>()
    let missing = names.filter((name) => {
      const topic = this.#fresh(name)
      if (topic !== undefined) answer.set(name, topic)
      return topic === undefined
    })
    for (let tries = 0; missing.length > 0; tries++) {
      const { topics, soon } = this.#learn(await this.#ask(missing), missing)
      for (const [name, topic] of topics) answer.set(name, topic)
      if (tries >= retries || soon.length === 0 || this.#closed) break
      await pause(backoff, undefined, { signal: this.#aborting.signal }).catch(() => undefined)
      missing = soon
    }
    return answer
  }

  /** What is known of these topics is wrong. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.#topics.delete(name)
  }

  /** A connection to that broker of the cluster. */
  async broker(id: number): Promise<Connection> {
    const address = this.#addresses.get(id)
    if (address === undefined) throw new Error(`broker ${id} is not known to the cluster`)
    return this.#connection(address)
  }

  /** `why`: what is under way is given up for that; without it nothing is. */
  close(why?: Error): void {
    this.#closed = true
    if (why !== undefined) this.#aborting.abort(why)
    for (const connection of this.#connections.values())
      connection.then(
        (open) => open.end(),
        () => undefined,
      )
    this.#connections.clear()
  }

  #fresh(name: string): Topic | undefined {
    const topic = this.#topics.get(name)
    return topic !== undefined && performance.now() - topic.at < this.#settings.refresh ? topic : undefined
  }

  /** Asks the brokers, those that are known before those that are configured, until one answers. */
  async #ask(topics: readonly string[]): Promise<Metadata> {
    const failures = new Set<string>()
    const configured = this.#settings.hosts
    const start = Math.floor(Math.random() * configured.length)
    const seeds = [...configured.slice(start), ...configured.slice(0, start)]
    const known = [...this.#addresses.values()].filter((address) => this.#connections.has(keyOf(address)))
    for (const address of [...known, ...seeds]) {
      if (this.#closed) break
      try {
        const connection = await this.#connection(address)
        return await connection.call(metadata(topics, true))
      } catch (error) {
        failures.add((error as Error).message)
      }
    }
    throw new Error(`no broker answers: ${[...failures].join('; ')}`)
  }

  #learn(
    { brokers, topics }: Metadata,
    asked: readonly string[],
  ): { topics: Map<string, Topic>; soon: string[] } {
    if (brokers.length > 0) this.#addresses.clear()
    for (const { id, host, port } of brokers) this.#addresses.set(id, { host, port })
    const described = new Map(topics.map((topic) => [topic.name, topic]))
    const found = new Map<string, Topic>()
    const soon: string[] = []
    const at = performance.now()
    for (const name of asked) {
      const topic = described.get(name)
      const error = topic?.error ?? 3
      const leaders = leadersOf(topic?.partitions ?? [])
      const problem =
        error !== NO_ERROR ? told(error) : leaders.length === 0 ? 'the topic has no partitions' : undefined
      const learnt = { problem, invalid: error === INVALID_TOPIC, leaders, at }
      found.set(name, learnt)
      this.#topics.delete(name)
      if (problem === undefined && !leaders.includes(NO_LEADER)) this.#topics.set(name, learnt)
      if (mayBeReadySoon(error) || leaders.every((leader) => leader === NO_LEADER)) soon.push(name)
    }
    for (const name of this.#topics.keys()) {
      if (this.#topics.size <= MOST_TOPICS) break
      this.#topics.delete(name)
    }
    return { topics: found, soon }
  }

  async #connection(address: Address): Promise<Connection> {
    if (this.#closed) throw new Error('the output is closed')
    const key = keyOf(address)
    const before = this.#connections.get(key)
    if (before !== undefined) {
      const connection = await before.catch(() => undefined)
      if (connection?.usable) return connection
      // Requests may still be under way on one that is to be renewed: it ends with their answers.
      if (this.#connections.get(key) === before) this.#connections.delete(key)
      else return this.#connection(address)
      connection?.retire()
    }
    const opening = Connection.open(address, this.#settings.connection, this.#aborting.signal)
    this.#connections.set(key, opening)
    const forget = () => {
      if (this.#connections.get(key) === opening) this.#connections.delete(key)
    }
    opening.then(async (connection) => {
      if (this.#closed) connection.end()
      await connection.ended
      forget()
    }, forget)
    return opening
  }
}

export const NO_LEADER = -1
// Clusters have some thousands of partitions a topic at most; a broker that says more is not believed.
const MOST_PARTITIONS = 100_000

function leadersOf(partitions: Metadata['topics'][number]['partitions']): number[] {
  const leaders: number[] = []
  for (const { id, leader } of partitions) if (id >= 0 && id < MOST_PARTITIONS) leaders[id] = leader
  return Array.from(leaders, (leader) => leader ?? NO_LEADER)
}

const keyOf = ({ host, port }: Address): string => `${host} ${port}`
