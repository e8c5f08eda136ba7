const WIDTH = 116

/** A docstring of a sentence or two; empty for none. */
export function comment(text: string): string {
  const plain = text.replaceAll('*/', '*\u200b/').trim()
  if (plain === '') return ''
  if (plain.length <= WIDTH) return `/** ${plain} */\n`
  return `/**\n${wrapped(plain)
    .map((line) => ` * ${line}`)
    .join('\n')}\n */\n`
}

export const property = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`)

export const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
