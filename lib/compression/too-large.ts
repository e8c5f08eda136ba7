/** What was compressed would grow past the limit it was given. */
export class TooLarge extends Error {}

/** Has Node's decompressors say so as all others do. */
export function tooLarge<Result>(decompress: () => Result): Result {
  try {
    return decompress()
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? new TooLarge() : error
  }
}
