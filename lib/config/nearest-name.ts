/** The name a user most likely meant, or undefined when none is close. */
export function nearestName(name: string, allowed: Iterable<string>): string | undefined {
  // A third of the letters may be wrong; more, and the guess would confuse.
  const most = Math.max(1, Math.floor(name.length / 3))
  let best: string | undefined
  let least = most + 1
  for (const candidate of allowed) {
    const distance = edits(name.toLowerCase(), candidate.toLowerCase(), least)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Letters to insert, remove, replace or swap with their neighbour; `limit` when it takes that many or more. */
function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let older: number[] = []
  let before = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min((before[j] as number) + 1, (row[j - 1] as number) + 1)
      least = Math.min(least, (before[j - 1] as number) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) least = Math.min(least, (older[j - 2] as number) + 1)
      row.push(least)
    }
    older = before
    before = row
  }
  return before[b.length] as number
}

/** A list for a message: all of a few names. */
export const among = (names: Iterable<string>): string => [...names].join(', ')
