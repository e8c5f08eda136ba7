import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { Asked, Count, Exchange } from './exchange.js'
import { answerTo } from './message.js'
import type { Server } from './servers.js'

// Who forges an answer has to guess the socket's port and the question's id: several ports, each for a while only.
const SOCKETS = 8
const QUESTIONS = 2000

interface Slot {
  socket: Socket
  waiting: Map<number, Asked>
  questions: number
  ready: Promise<void>
}

/** Questions as datagrams, from connected sockets: the kernel lets nobody else's answers through. */
export class UdpExchange implements Exchange {
  readonly #server: Server
  readonly #count: Count
  readonly #slots: Slot[] = []
  readonly #slotOf = new WeakMap<Asked, Slot>()

  constructor(server: Server, count: Count) {
    this.#server = server
    this.#count = count
  }

  ask(asked: Asked): void {
    const slot = this.#slot()
    let id = asked.bytes.readUInt16BE(0)
    while (slot.waiting.has(id)) id = randomInt(65536)
    asked.bytes.writeUInt16BE(id, 0)
    slot.waiting.set(id, asked)
    this.#slotOf.set(asked, slot)
    if (++slot.questions >= QUESTIONS) this.#slots.splice(this.#slots.indexOf(slot), 1)
    this.#send(slot, asked)
  }

  again(asked: Asked): void {
    const slot = this.#slotOf.get(asked)
    if (slot !== undefined) this.#send(slot, asked)
  }

  forget(asked: Asked): void {
    const slot = this.#slotOf.get(asked)
    if (slot === undefined) return
    this.#slotOf.delete(asked)
    slot.waiting.delete(asked.bytes.readUInt16BE(0))
    if (slot.waiting.size === 0 && !this.#slots.includes(slot)) slot.socket.close()
  }

  close(): void {
    for (const slot of this.#slots.splice(0)) this.#lost(slot, 'the way was closed')
  }

  #send(slot: Slot, asked: Asked): void {
    void slot.ready.then(() => {
      if (slot.waiting.get(asked.bytes.readUInt16BE(0)) === asked) slot.socket.send(asked.bytes)
    })
  }

  #slot(): Slot {
    const at = randomInt(SOCKETS)
    return this.#slots[at] ?? this.#open()
  }

  #open(): Slot {
    const { host, port } = this.#server
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' })
    // Waiting questions have timers; sockets alone are no reason to stay.
    socket.unref()
    const ready = new Promise<void>((resolve) => {
      socket.on('connect', resolve)
    })
    const slot: Slot = { socket, waiting: new Map(), questions: 0, ready }
    socket.on('error', (error: NodeJS.ErrnoException) => this.#lost(slot, error.code ?? error.message))
    socket.on('message', (bytes) => this.#message(slot, bytes))
    socket.connect(port, host)
    this.#slots.push(slot)
    return slot
  }

  #message(slot: Slot, bytes: Buffer): void {
    const asked = bytes.length < 2 ? undefined : slot.waiting.get(bytes.readUInt16BE(0))
    if (asked === undefined) {
      this.#count('unexpected')
      return
    }
    try {
      const answer = answerTo(asked.bytes, bytes, asked.type)
      if (answer === undefined) this.#count('unexpected')
      else asked.done(answer)
    } catch {
      this.#count('malformed')
    }
  }

  /** Nobody listens there, or there is no way. */
  #lost(slot: Slot, why: string): void {
    const at = this.#slots.indexOf(slot)
    if (at >= 0) this.#slots.splice(at, 1)
    const waiting = [...slot.waiting.values()]
    if (waiting.length === 0 && at < 0) return
    slot.waiting.clear()
    slot.socket.close()
    for (const asked of waiting) {
      this.#slotOf.delete(asked)
      asked.done({ failure: why, final: false, lost: true })
    }
  }
}
