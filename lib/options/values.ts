import { z } from 'zod'
import { ofKind } from './kinds.js'

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  ki: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  mi: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  gi: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
  ti: 2 ** 40,
}

/** Bytes of `10MiB`, `1.5 GB` or `4096`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? []
  const factor = SIZE_UNITS[unit.toLowerCase()]
  return digits === undefined || factor === undefined ? undefined : Math.floor(Number(digits) * factor)
}

export function writeSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB', 'GB', 'MB', 'KB']) {
    const factor = SIZE_UNITS[unit.toLowerCase()] as number
    if (bytes !== 0 && bytes % factor === 0) return `${bytes / factor}${unit}`
  }
  return String(bytes)
}

/** A number of bytes, with or without a unit (`MB` = 1000 * 1000, `MiB` = 1024 * 1024). */
export const size = ({ min = 0 }: { min?: number } = {}) =>
  ofKind(
    {
      name: 'size',
      json: { type: ['string', 'integer'] },
      written: (value) => writeSize(Number(value)),
    },
    z.unknown().transform((value, context): number => {
      const bytes = parseSize(String(value))
      if (bytes !== undefined && bytes >= min) return bytes
      const message =
        value === undefined
          ? 'is missing'
          : bytes === undefined
            ? `must be a size, such as 10MiB or 65536, not ${JSON.stringify(value)}`
            : `must be at least ${writeSize(min)}, not ${String(value)}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }),
  )

/** The mode of a file, in octal digits as chmod takes them. */
export const fileMode = () =>
  ofKind(
    {
      name: 'file mode',
      json: { type: ['string', 'integer'] },
      written: (value) => `0${Number(value).toString(8)}`,
    },
    z.unknown().transform((value, context): number => {
      // Unquoted, 0600 has been read as an octal number already; quoted, it is still text.
      const mode =
        typeof value === 'string' && /^0?[0-7]{3,4}$/.test(value) ? Number.parseInt(value, 8) : value
      if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777) return mode
      context.addIssue({ code: 'custom', message: `must be a file mode, such as 0600, not ${String(value)}` })
      return z.NEVER
    }),
  )

/** A TCP or UDP port. */
export const port = () => z.int().min(1).max(65535)

/** Ports, each once; a single one needs no list. */
export const ports = () => z.array(port()).transform((list) => [...new Set(list)])

/** Names to names, or anything else a user is free to choose; keys with dots have become sections. */
export const anything = () => z.record(z.string(), z.unknown())
