import { Pause } from '../pause.js'
import type { Backoff } from './backoff.js'
import { writeAt } from './files.js'
import { ACK_BYTES, writeAck } from './frame.js'
import type { Segment } from './segment.js'

/** Writes down what is acknowledged, some milliseconds after it was: what is not yet is sent again after a crash. */
export class AckLog {
  readonly #waiting = new Set<Segment>()
  readonly #backoff: Backoff
  readonly #pause = new Pause()
  #running: Promise<void> | undefined
  #closing = false
  #underWay = 0

  constructor(backoff: Backoff) {
    this.#backoff = backoff
  }

  /** Entries that are not written yet. */
  get waiting(): number {
    let count = this.#underWay
    for (const { acks } of this.#waiting) count += acks.length
    return count
  }

  add(segment: Segment, from: number, to: number): void {
    const last = segment.acks.at(-1)
    if (last?.to === from) last.to = to
    else segment.acks.push({ from, to })
    this.#waiting.add(segment)
    this.#running ??= this.#run()
  }

  /** Its file goes: nothing need be written. */
  forget(segment: Segment): void {
    segment.acks = []
    this.#waiting.delete(segment)
  }

  /** Resolves when all is written, or failed once more. */
  async close(): Promise<void> {
    this.#closing = true
    this.#pause.cut()
    await this.#running
  }

  async #run(): Promise<void> {
    // What one turn acknowledges is one write.
    await undefined
    for (const segment of this.#waiting) {
      try {
        await segment.alone(() => this.#write(segment))
        this.#backoff.worked()
      } catch (error) {
        const wait = this.#backoff.failed(error)
        if (this.#closing) break
        await this.#pause.wait(wait)
      }
    }
    this.#running = this.#waiting.size > 0 && !this.#closing ? this.#run() : undefined
  }

  async #write(segment: Segment): Promise<void> {
    if (segment.removed) return
    const acks = segment.acks
    segment.acks = []
    this.#underWay = acks.length
    const bytes = Buffer.allocUnsafe(acks.length * ACK_BYTES)
    acks.forEach(({ from, to }, index) => {
      writeAck(bytes, index * ACK_BYTES, from, to)
    })
    try {
      if (acks.length > 0) await writeAt(await segment.openAcks(), [bytes], segment.ackBytes)
    } catch (error) {
      segment.acks.unshift(...acks)
      throw error
    } finally {
      this.#underWay = 0
    }
    segment.ackBytes += bytes.length
    segment.dirty = true
    if (segment.acks.length === 0) this.#waiting.delete(segment)
  }
}
