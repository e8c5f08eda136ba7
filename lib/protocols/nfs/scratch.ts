/** What the shapes find in one procedure or operation: its arguments or its results. */
export interface Scratch {
  /** File handles, each byte as the character of its number. */
  handle: string | undefined
  otherHandle: string | undefined
  name: string | undefined
  otherName: string | undefined
  offset: number | undefined
  /** Bytes asked for or moved. */
  count: number | undefined
  eof: boolean | undefined
  /** Directory entries. */
  entries: number | undefined
  /** Told of names and handles in a directory's listing. */
  listed: ((handle: string, name: string) => void) | undefined
}

/** The one that all use: reading is synchronous and never nested. */
export const scratch: Scratch = {
  handle: undefined,
  otherHandle: undefined,
  name: undefined,
  otherName: undefined,
  offset: undefined,
  count: undefined,
  eof: undefined,
  entries: undefined,
  listed: undefined,
}

export function clear(): void {
  scratch.handle = undefined
  scratch.otherHandle = undefined
  scratch.name = undefined
  scratch.otherName = undefined
  scratch.offset = undefined
  scratch.count = undefined
  scratch.eof = undefined
  scratch.entries = undefined
}
