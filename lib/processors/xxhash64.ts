// A number of 64 bits as two halves; functions leave their result here, for a pair would be an object each time.
let high = 0
let low = 0

type Half = readonly [high: number, low: number]

const PRIME_1: Half = [0x9e3779b1, 0x85ebca87]
const PRIME_2: Half = [0xc2b2ae3d, 0x27d4eb4f]
const PRIME_3: Half = [0x165667b1, 0x9e3779f9]
const PRIME_4: Half = [0x85ebca77, 0xc2b2ae63]
const PRIME_5: Half = [0x27d4eb2f, 0x165667c5]

function set(h: number, l: number): void {
  high = h >>> 0
  low = l >>> 0
}

function add(h: number, l: number): void {
  const sum = low + (l >>> 0)
  set(high + h + (sum > 0xffffffff ? 1 : 0), sum)
}

const xor = (h: number, l: number): void => set(high ^ h, low ^ l)

function multiply([h, l]: Half): void {
  const a = low & 0xffff
  const b = low >>> 16
  const c = l & 0xffff
  const d = l >>> 16
  const ac = a * c
  const middle = b * c + (ac >>> 16)
  const other = a * d + (middle & 0xffff)
  // What the low halves carry over, and the products that only reach the high half.
  const carried = b * d + Math.floor(middle / 65536) + Math.floor(other / 65536)
  set(carried + Math.imul(high, l) + Math.imul(low, h), (other << 16) | (ac & 0xffff))
}

/** By 1 to 31 bits, or 32 less. */
function rotate(bits: number): void {
  set((high << bits) | (low >>> (32 - bits)), (low << bits) | (high >>> (32 - bits)))
}

/** To the right by `bits`, which may be 32 and more, and combined with itself. */
function fold(bits: number): void {
  if (bits >= 32) xor(0, high >>> (bits - 32))
  else xor(high >>> bits, (high << (32 - bits)) | (low >>> bits))
}

/** The step that all input goes through. */
function round(lane: Half, h: number, l: number): void {
  set(h, l)
  multiply(PRIME_2)
  add(...lane)
  rotate(31)
  multiply(PRIME_1)
}

/** XXH64 of all bytes, seed 0, the highest byte first. Spec: xxhash_spec.md of github.com/Cyan4973/xxHash. */
export function xxhash64(bytes: Buffer): Buffer {
  let at = 0
  if (bytes.length >= 32) {
    set(...PRIME_1)
    add(...PRIME_2)
    const lanes: Half[] = [[high, low], PRIME_2, [0, 0]]
    set(~PRIME_1[0], ~PRIME_1[1])
    add(0, 1)
    lanes.push([high, low])
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane++) {
        round(lanes[lane] as Half, bytes.readUInt32LE(at + lane * 8 + 4), bytes.readUInt32LE(at + lane * 8))
        lanes[lane] = [high, low]
      }
    let sum: Half = [0, 0]
    for (const [index, bits] of [1, 7, 12, 18].entries()) {
      set(...(lanes[index] as Half))
      rotate(bits)
      add(...sum)
      sum = [high, low]
    }
    for (const lane of lanes) {
      round([0, 0], ...lane)
      xor(...sum)
      multiply(PRIME_1)
      add(...PRIME_4)
      sum = [high, low]
    }
  } else set(...PRIME_5)
  add(Math.floor(bytes.length / 2 ** 32), bytes.length)
  for (; at + 8 <= bytes.length; at += 8) {
    const before: Half = [high, low]
    round([0, 0], bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at))
    xor(...before)
    rotate(27)
    multiply(PRIME_1)
    add(...PRIME_4)
  }
  if (at + 4 <= bytes.length) {
    const before: Half = [high, low]
    set(0, bytes.readUInt32LE(at))
    multiply(PRIME_1)
    xor(...before)
    rotate(23)
    multiply(PRIME_2)
    add(...PRIME_3)
    at += 4
  }
  for (; at < bytes.length; at++) {
    const before: Half = [high, low]
    set(0, bytes[at] as number)
    multiply(PRIME_5)
    xor(...before)
    rotate(11)
    multiply(PRIME_1)
  }
  fold(33)
  multiply(PRIME_2)
  fold(29)
  multiply(PRIME_3)
  fold(32)
  const hash = Buffer.allocUnsafe(8)
  hash.writeUInt32BE(high, 0)
  hash.writeUInt32BE(low, 4)
  return hash
}
