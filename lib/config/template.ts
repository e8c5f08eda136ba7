// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
/** `${name}`, `${name:default}` or `${name:?message}`; each part may hold references of its own. */
export interface Reference {
  name: Template
  operator: '' | ':' | ':?'
  rest: Template
}

/** A text with references, in pieces. */
export type Template = readonly (string | Reference)[]

/** True for texts that `parseTemplate` would change; most settings have none of it. */
export const isTemplate = (text: string): boolean => text.includes('${') || text.includes('$}')

/**
 * Takes a text apart. `$${` and `$}` stand for `${` and `}`.
 * @throws {SyntaxError} for a reference without a name or an end.
 */
export function parseTemplate(text: string): Template {
  const { template, next } = pieces(text, 0, false)
  return next === text.length ? template : [...template, text.slice(next)]
}

function pieces(text: string, from: number, inside: boolean): { template: Template; next: number } {
  const template: (string | Reference)[] = []
  let literal = ''
  let next = from
  while (next < text.length) {
    if (text.startsWith('$${', next)) {
      literal += '${'
      next += 3
    } else if (text.startsWith('$}', next)) {
      literal += '}'
      next += 2
    } else if (text.startsWith('${', next)) {
      if (literal !== '') template.push(literal)
      literal = ''
      const found = reference(text, next)
      template.push(found.reference)
      next = found.next
    } else if (inside && text[next] === '}') {
      break
    } else {
      literal += text[next++]
    }
  }
  if (literal !== '') template.push(literal)
  return { template, next }
}

function reference(text: string, from: number): { reference: Reference; next: number } {
  const { template, next } = pieces(text, from + 2, true)
  if (text[next] !== '}') throw new SyntaxError(`has a reference without an end: ${text.slice(from)}`)
  // The first colon outside of references inside ends the name.
  const colon = template.findIndex((part) => typeof part === 'string' && part.includes(':'))
  if (template.length === 0) throw new SyntaxError('has a reference without a name: ${}')
  if (colon === -1) return { reference: { name: template, operator: '', rest: [] }, next: next + 1 }
  const part = template[colon] as string
  const before = part.slice(0, part.indexOf(':'))
  const after = part.slice(part.indexOf(':') + 1)
  const operator = after.startsWith('?') ? ':?' : ':'
  const rest = operator === ':?' ? after.slice(1) : after
  return {
    reference: {
      name: [...template.slice(0, colon), ...(before === '' ? [] : [before])],
      operator,
      rest: [...(rest === '' ? [] : [rest]), ...template.slice(colon + 1)],
    },
    next: next + 1,
  }
}
