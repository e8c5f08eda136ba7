/**
 * The lines of a text that comes in pieces.
 * @throws {Error} for a line of more than `longest` bytes.
 */
export async function* linesOf(pieces: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  let held: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      if (size + end - from > longest) throw new Error(`a line of more than ${longest} bytes`)
      const line = Buffer.concat([...held, piece.subarray(from, end)])
      held = []
      size = 0
      from = end + 1
      if (line.length > 0) yield line.toString('utf8')
    }
    size += piece.length - from
    if (size > longest) throw new Error(`a line of more than ${longest} bytes`)
    held.push(piece.subarray(from))
  }
}
