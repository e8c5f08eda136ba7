import { binding } from '../binding.js'

// Constants of this module, not properties looked up by name: reading a row through a computed key costs five times
// as much. The addon says where its columns are, so that no number is written twice.
export const { batchBytes, rows, rowWords, head, conversation, seconds, nanoseconds, offset, length, a, b } =
  binding.layout
export const { open, data, gap, close, flow, tick } = binding.rowKinds

/** Bytes of a batch before its payload. */
export const tableBytes: number = rows * rowWords * 4
