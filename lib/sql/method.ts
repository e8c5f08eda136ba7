// White space, comments (`-- …`, `# …`, `/* … */`) and brackets that may stand before the first word.
const WORD = /(?:[\s(;]+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([^\s(;]*)/y

// What comes before the first word is seldom longer; past that, nobody looks.
const LONGEST = 4096

/** The first word of a statement in upper case, comments and brackets before it aside: `select 1` is SELECT. */
export function method(sql: string): string {
  const quick = firstLetters(sql)
  if (quick !== undefined) return quick
  WORD.lastIndex = 0
  return (WORD.exec(sql.length > LONGEST ? sql.slice(0, LONGEST) : sql)?.[1] ?? '').toUpperCase()
}

// The verbs that nearly all statements begin with, as they are written in them.
const verbs = new Map(
  ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'SET', 'SHOW', 'CALL', 'END'].flatMap(
    (verb) => [
      [verb, verb],
      [verb.toLowerCase(), verb],
    ],
  ),
)

function firstLetters(sql: string): string | undefined {
  let end = 0
  while (end < 8 && end < sql.length && (sql.charCodeAt(end) | 0x20) >= 0x61 && sql.charCodeAt(end) <= 0x7a)
    end++
  const next = sql.charCodeAt(end)
  return end === sql.length || next === 0x20 || next === 0x0a ? verbs.get(sql.slice(0, end)) : undefined
}
