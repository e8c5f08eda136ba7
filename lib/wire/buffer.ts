// Methods that Buffer has had since Node 4 and that its types leave out: without the argument checks and the encoding
// look-up of `toString` and `write`, they cost half on the short texts that protocols are made of.
declare global {
  interface Buffer {
    utf8Slice(start: number, end: number): string
    latin1Slice(start: number, end: number): string
    hexSlice(start: number, end: number): string
    /** Answers the bytes written. */
    utf8Write(text: string, offset: number): number
  }
}

export {}
