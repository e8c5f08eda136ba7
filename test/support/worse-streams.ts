import type { Below } from './mutations.js'
import type { Step } from './streams.js'

type Data = Extract<Step, { kind: 'data' }>

const isData = (step: Step): step is Data => step.kind === 'data'

/** All that is said, in bytes. */
export const size = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => sum + (isData(step) ? step.bytes.length : 0), 0)

/** The steps with what is said in pieces of at most `length` bytes; the events must be the same. */
export const inPieces = (steps: readonly Step[], length: number): Step[] =>
  steps.flatMap((step) => {
    if (!isData(step)) return [step]
    const pieces: Step[] = []
    for (let at = 0; at < step.bytes.length; at += length)
      pieces.push({ ...step, bytes: step.bytes.subarray(at, at + length) })
    return pieces
  })

/** The steps with one more cut, before byte `place` of all that is said; the events must be the same. */
export function cutAt(steps: readonly Step[], place: number): Step[] {
  let before = 0
  for (const [index, step] of steps.entries()) {
    if (!isData(step)) continue
    const at = place - before
    if (at > 0 && at < step.bytes.length) {
      const halves = [step.bytes.subarray(0, at), step.bytes.subarray(at)].map((bytes) => ({
        ...step,
        bytes,
      }))
      return [...steps.slice(0, index), ...halves, ...steps.slice(index + 1)]
    }
    before += step.bytes.length
  }
  return [...steps]
}

/** The steps up to that byte, after which nothing more was captured. */
export function endedAt(steps: readonly Step[], place: number): Step[] {
  let before = 0
  for (const [index, step] of steps.entries()) {
    if (!isData(step)) continue
    if (place < before + step.bytes.length)
      return [...steps.slice(0, index), { ...step, bytes: step.bytes.subarray(0, place - before) }]
    before += step.bytes.length
  }
  return [...steps]
}

/** Changes the bytes of one step after another, each with a chance of one in `odds`. */
const some =
  (change: (bytes: Buffer, below: Below) => Buffer) =>
  (steps: readonly Step[], below: Below, odds: number): Step[] =>
    steps.map((step) =>
      isData(step) && step.bytes.length > 0 && below(odds) === 0
        ? { ...step, bytes: change(step.bytes, below) }
        : step,
    )

/** Ways in which a stream goes wrong. */
export const damage: Readonly<
  Record<string, (steps: readonly Step[], below: Below, odds: number) => Step[]>
> = {
  'bytes flipped': some((bytes, below) => {
    const changed = Buffer.from(bytes)
    for (let i = below(4); i >= 0; i--) {
      const at = below(changed.length)
      changed[at] = (changed[at] as number) ^ (1 << below(8))
    }
    return changed
  }),
  'bytes overwritten': some((bytes, below) => {
    const changed = Buffer.from(bytes)
    for (let i = below(4); i >= 0; i--)
      changed[below(changed.length)] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][below(6)] as number
    return changed
  }),
  'bytes dropped': some((bytes, below) => {
    const at = below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(8))])
  }),
  'bytes repeated': some((bytes, below) => {
    const at = below(bytes.length)
    const end = Math.min(bytes.length, at + 1 + below(64))
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
  }),
  'segments dropped': (steps, below, odds) => steps.filter((step) => !isData(step) || below(odds) !== 0),
  'segments repeated': (steps, below, odds) =>
    steps.flatMap((step) => (isData(step) && below(odds) === 0 ? [step, step] : [step])),
  'sides confused': (steps, below, odds) =>
    steps.map((step) =>
      isData(step) && below(odds) === 0 ? { ...step, direction: step.direction === 0 ? 1 : 0 } : step,
    ),
  'one side only': (steps, below) => {
    const deaf = below(2)
    return steps.filter((step) => !isData(step) || step.direction === deaf)
  },
  'begun in the middle': (steps, below) => steps.slice(below(Math.max(1, steps.length))),
}
