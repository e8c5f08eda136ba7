import { inflateSync } from 'node:zlib'
import { tooLarge } from './too-large.js'

/** Decodes the zlib format. Spec: RFC 1950. @throws {TooLarge} past `limit` bytes; other errors when it is broken */
export const unzlib = (bytes: Buffer, limit: number): Buffer =>
  tooLarge(() => inflateSync(bytes, { maxOutputLength: limit }))
