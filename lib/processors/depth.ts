/** Levels of a value: deeper than any document is meant to be, and far less deep than what would overflow a stack. */
export const DEEPEST = 64

/** Looks level by level, for a value may be too deep for recursion. */
export function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}
