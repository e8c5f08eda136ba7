/** Words of 16 bits, network byte order. */
export const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index)
  return bytes
}

/** A name, uncompressed; labels separated by dots. */
export const name = (text: string): Buffer =>
  Buffer.concat([
    ...(text === '' ? [] : text.split('.')).map((label) =>
      Buffer.concat([Buffer.of(Buffer.byteLength(label, 'latin1')), Buffer.from(label, 'latin1')]),
    ),
    Buffer.of(0),
  ])

/** A <character-string>. */
export const text = (value: string): Buffer =>
  Buffer.concat([Buffer.of(value.length), Buffer.from(value, 'latin1')])

export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

export const question = (of: string, type = 1): Buffer => Buffer.concat([name(of), words(type, 1)])

/** A record; `of` is a name, or a pointer to that offset. */
export const record = (of: string | number, type: number, ...data: Uint8Array[]): Buffer => {
  const bytes = Buffer.concat(data)
  const owner = typeof of === 'number' ? words(0xc000 | of) : name(of)
  return Buffer.concat([owner, words(type, 1, 0, 300, bytes.length), bytes])
}

/** An OPT record with those options. */
export const opt = (
  options: [code: number, data: Uint8Array][] = [],
  { extended = 0, flags = 0 } = {},
): Buffer => {
  const bytes = Buffer.concat(
    options.flatMap(([code, data]) => [words(code, data.length), Buffer.from(data)]),
  )
  return Buffer.concat([Buffer.of(0), words(41, 1232, extended << 8, flags, bytes.length), bytes])
}

interface Parts {
  flags?: number
  questions?: Uint8Array[]
  answers?: Uint8Array[]
  authorities?: Uint8Array[]
  additionals?: Uint8Array[]
}

const message = (
  id: number,
  flags: number,
  { questions = [], answers = [], authorities = [], additionals = [] }: Parts,
): Buffer =>
  Buffer.concat([
    words(id, flags, questions.length, answers.length, authorities.length, additionals.length),
    ...questions,
    ...answers,
    ...authorities,
    ...additionals,
  ])

/** A query; recursion desired. */
export const query = (id: number, parts: Parts = {}): Buffer =>
  message(id, parts.flags ?? 0x0100, { questions: [question('www.example.com')], ...parts })

/** A response; recursion available. */
export const response = (id: number, parts: Parts = {}): Buffer =>
  message(id, parts.flags ?? 0x8180, { questions: [question('www.example.com')], ...parts })

/** As it stands in a TCP stream. */
export const framed = (...messages: Buffer[]): Buffer =>
  Buffer.concat(messages.flatMap((bytes) => [words(bytes.length), bytes]))

export const soa = (of: string, serial: number): Buffer =>
  record(of, 6, name('ns'), name('admin'), words(0, serial, 0, 60, 0, 60, 0, 60, 0, 60))
