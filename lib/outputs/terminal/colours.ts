/** Puts colours around text, or leaves it as it is. */
export interface Colours {
  dim(text: string): string
  bold(text: string): string
  good(text: string): string
  warning(text: string): string
  bad(text: string): string
  /** One that belongs to that name, always the same. */
  of(name: string, text: string): string
}

const sgr = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`
const plain = (text: string): string => text

// Blue, magenta, cyan, and their bright ones: red, yellow and green say how a request went.
const NAMES = [34, 35, 36, 94, 95, 96]

export function colours(on: boolean): Colours {
  if (!on) return { dim: plain, bold: plain, good: plain, warning: plain, bad: plain, of: (_, text) => text }
  return {
    dim: sgr(2),
    bold: sgr(1),
    good: sgr(32),
    warning: sgr(33),
    bad: sgr(31),
    of: (name, text) => sgr(NAMES[hash(name) % NAMES.length] as number)(text),
  }
}

const hash = (name: string): number =>
  [...name].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7)

/** Whether colours are wanted, as https://no-color.org and FORCE_COLOR have it. */
export function wantsColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return isTerminal && TERM !== 'dumb'
}
