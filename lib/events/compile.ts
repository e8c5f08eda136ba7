import type { Field } from './fields.js'
import { quoted, quotedList } from './json.js'
import { kept } from './kept.js'
import type { Branch, Leaf, Node, Origin } from './writer.js'

/** A function that prints documents, but for the text they all begin with. */
export interface Text {
  head: string
  tail(transaction: unknown, origin: Origin): string
}

/**
 * Compiles a document's tree into a function that prints it. The function concatenates JSON text whose constant parts
 * are known in advance, at less than half the price of building an object and stringifying it. What depends on the
 * conversation alone is printed once and kept in a small table, so that an open connection costs no memory for it.
 */
export function compileText(root: Branch): Text {
  const generator = new Generator()
  const body = generator.generate(root)
  const names = generator.values.map((_, index) => `value${index}`)
  const code = `"use strict"
${generator.printers.map((_, index) => `const print${index} = printers[${index}]`).join('\n')}
${generator.parts.map((_, index) => `const of${index} = parts[${index}]`).join('\n')}
return function tail(transaction, origin) {
  const clock = origin.clock
  const kept = keep(origin)
  let out = ''
  let value
${generator.flags.map((flag) => `  let ${flag} = false`).join('\n')}
${generator.parts.map((_, index) => `  const part${index} = of${index}(transaction, origin)`).join('\n')}
${body}
  return out
}`
  const make = new Function('keep', 'quoted', 'quotedList', 'printers', 'parts', ...names, code)
  const { printers, parts, values } = generator
  const tail = make(keeper(generator.kept), quoted, quotedList, printers, parts, ...values)
  return { head: generator.head, tail }
}

const json = (value: unknown): string => JSON.stringify(value)

/**
 * How a level of the document stands where a field of it is printed: it is sure whether it has been opened and has a
 * field, or a flag of the generated function tells.
 */
type Level = { filled: boolean } | { flag: string }

/** Where a field stands: the levels around it, outermost first, and the names of all but the outermost. */
interface Place {
  levels: Level[]
  names: string[]
}

class Generator {
  /** What is asked of each transaction. */
  readonly values: Field<unknown, Origin>['value'][] = []
  readonly printers: NonNullable<Field<unknown, Origin>['json']>[] = []
  /** Parts of transactions that fields are of. */
  readonly parts: NonNullable<Field<unknown, Origin>['of']>[] = []
  /** Fields that are printed once a conversation, and the text before each. */
  readonly kept: { before: string; field: Field<unknown, Origin> }[] = []
  readonly flags: string[] = []
  /** What all documents begin with. */
  head = ''
  readonly #lines: string[] = []
  /** Constant text that waits for more of it. */
  #constant = ''

  generate(root: Branch): string {
    this.#text('{')
    this.#branch(root, { levels: [{ filled: false }], names: [] })
    this.#text('}')
    this.#line('')
    return this.#lines.join('\n')
  }

  #text(constant: string): void {
    this.#constant += constant
  }

  #print(expression: string): void {
    this.#line(`  out += ${expression}`)
  }

  #line(...lines: string[]): void {
    const constant = this.#constant
    this.#constant = ''
    if (constant !== '' && this.#lines.length === 0 && this.head === '') this.head = constant
    else if (constant !== '') this.#lines.push(`  out += ${json(constant)}`)
    this.#lines.push(...lines)
  }

  #branch(branch: Branch, place: Place): void {
    const first = [...branch].filter(([, node]) => isSure(node))
    const rest = [...branch].filter(([, node]) => !isSure(node))
    for (const [name, node] of [...first, ...rest])
      if (node instanceof Map) this.#object(name, node, place)
      else this.#leaf(name, node, place)
  }

  #object(name: string, branch: Branch, { levels, names }: Place): void {
    const around = levels.at(-1) as Level
    if (isSure(branch) && 'filled' in around) {
      this.#text(`${around.filled ? ',' : ''}${json(name)}:{`)
      around.filled = true
      this.#branch(branch, { levels: [...levels, { filled: false }], names: [...names, name] })
      this.#text('}')
      return
    }
    const flag = `open${this.flags.length}`
    this.flags.push(flag)
    this.#branch(branch, { levels: [...levels, { flag }], names: [...names, name] })
    this.#line(`  if (${flag}) out += '}'`)
  }

  #leaf(name: string, leaf: Leaf, place: Place): void {
    const level = place.levels.at(-1) as Level
    if ('constant' in leaf) {
      this.#separate(place)
      this.#text(`${json(name)}:${json(leaf.constant)}`)
      if ('filled' in level) level.filled = true
      return
    }
    const { field } = leaf
    if (field.ofConversation && 'filled' in level) {
      const before = `${level.filled ? ',' : ''}${json(name)}:`
      const kept = `kept[${this.kept.length}]`
      this.kept.push({ before, field })
      level.filled = true
      if (field.own === undefined) this.#print(kept)
      else {
        this.#line(`  value = ${this.#asked(field.own)}`)
        this.#print(`value === undefined ? ${kept} : ${json(before)} + ${this.#printed(field)}`)
      }
      return
    }
    this.#line(`  value = ${this.#askedOf(field)}`, '  if (value !== undefined) {')
    this.#separate(place)
    this.#text(`${json(name)}:`)
    this.#print(this.#printed(field))
    this.#line('  }')
  }

  #askedOf({ of, value }: Field<unknown, Origin>): string {
    if (of === undefined) return this.#asked(value)
    if (!this.parts.includes(of)) this.parts.push(of)
    const part = `part${this.parts.indexOf(of)}`
    return `${part} === undefined ? undefined : ${this.#asked(value, part)}`
  }

  #asked(value: Field<unknown, Origin>['value'], what = 'transaction'): string {
    this.values.push(value)
    return `value${this.values.length - 1}(${what}, origin)`
  }

  /** An expression that prints `value`. */
  #printed({ type, list, plain, json: print }: Field<unknown, Origin>): string {
    if (print !== undefined) {
      this.printers.push(print)
      return `print${this.printers.length - 1}(value)`
    }
    if (list === true && (type === 'keyword' || type === 'ip')) return 'quotedList(value)'
    if (list !== undefined || type === 'object') return 'JSON.stringify(value)'
    if (plain) return `'"' + value + '"'`
    switch (type) {
      case 'date':
        return `'"' + clock.iso(value) + '"'`
      case 'ip':
        return `'"' + value + '"'`
      case 'long':
      case 'double':
      case 'boolean':
        return 'value'
      default:
        return 'quoted(value)'
    }
  }

  /** Prints what stands before a field: the comma after its neighbour, or its objects' names and braces. */
  #separate({ levels, names }: Place): void {
    levels.forEach((level, depth) => {
      const inner = levels[depth + 1]
      const name = `${json(names[depth])}:{`
      if ('filled' in level) {
        const comma = level.filled ? ',' : ''
        if (inner === undefined) this.#text(comma)
        else if ('flag' in inner) this.#line(`  if (!${inner.flag}) out += ${json(comma + name)}`)
      } else {
        const comma = `if (${level.flag}) out += ','; else ${level.flag} = true`
        if (inner === undefined) this.#line(`  ${comma}`)
        else if ('flag' in inner) this.#line(`  if (!${inner.flag}) { ${comma}; out += ${json(name)} }`)
      }
    })
  }
}

/** Whether it is in every document. The first of a conversation's fields always has a value: its addresses. */
const isSure = (node: Node): boolean =>
  node instanceof Map
    ? [...node.values()].some(isSure)
    : 'constant' in node || node.field.ofConversation === true

function keeper(parts: Generator['kept']): (origin: Origin) => string[] {
  return kept((origin) =>
    parts.map(({ before, field }) => {
      const value = field.value(undefined, origin)
      return value === undefined ? '' : before + json(value)
    }),
  )
}
