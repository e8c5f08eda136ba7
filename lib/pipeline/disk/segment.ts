import { FILE_MODE, openFile } from './files.js'
import { SEGMENT_HEADER } from './frame.js'
import { Ranges } from './ranges.js'

/** One file of the queue, and the list of what of it is acknowledged. */
export class Segment {
  readonly number: number
  readonly path: string
  readonly ackPath: string
  /** Bytes that are written and whole, its header included. */
  size = SEGMENT_HEADER.length
  ackBytes = 0
  /** Nothing more is written to it. */
  closed = false
  readonly acked = new Ranges()
  /** Events that nobody has read back and that are not in memory either. */
  unread = 0
  /** The disk does not give it back now; the next run may have more luck. */
  unreadable = false
  /** To be written to the list. */
  acks: { from: number; to: number }[] = []
  /** Descriptors; -1: not open. */
  fd = -1
  ackFd = -1
  /** Something was written since it was last synced. */
  dirty = false
  /** Its files are going, or gone. */
  removed = false
  #work: Promise<unknown> = Promise.resolve()

  constructor(folder: string, number: number) {
    this.number = number
    this.path = `${folder}/${number}.seg`
    this.ackPath = `${folder}/${number}.ack`
  }

  /** Bytes of both files. */
  get bytes(): number {
    return this.size + this.ackBytes
  }

  /** All that is in it is acknowledged. */
  get done(): boolean {
    return this.acked.covers(SEGMENT_HEADER.length, this.size)
  }

  /** One at a time what opens, closes or uses its descriptors: one that is closed may be another file's by now. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }

  async openAcks(): Promise<number> {
    // Not `a`: what is written has its place, so that a half-written entry is written over.
    if (this.ackFd < 0)
      this.ackFd = await openFile(this.ackPath, 'r+', FILE_MODE).catch(() =>
        openFile(this.ackPath, 'w+', FILE_MODE),
      )
    return this.ackFd
  }
}
