import { Tokens } from './tokens.js'

/** A type as it is written: its name, and in angle brackets those it is made of. */
export interface TypeName {
  name: string
  of: readonly TypeName[]
  line: number
}

export interface Field {
  id: number
  name: string
  type: TypeName
}

export interface Operation {
  name: string
  params: readonly Field[]
  /** undefined: void. */
  returns: TypeName | undefined
  throws: readonly Field[]
  isOneway: boolean
}

export interface Service {
  name: string
  /** The service it has the methods of, too. */
  parent: string | undefined
  operations: readonly Operation[]
  line: number
}

/** What one interface file says, as far as we need it: constants, namespaces and annotations are passed over. */
export interface Document {
  includes: { path: string; line: number }[]
  typedefs: Map<string, TypeName>
  enums: Map<string, ReadonlyMap<number, string>>
  /** Structures, unions and exceptions. */
  structures: Map<string, readonly Field[]>
  services: Service[]
}

/** Reads an interface file. Spec: thrift.apache.org/docs/idl. @throws {Problem} */
export function parseDocument(text: string): Document {
  const document: Document = {
    includes: [],
    typedefs: new Map(),
    enums: new Map(),
    structures: new Map(),
    services: [],
  }
  const tokens = new Tokens(text)
  while (tokens.next !== '') statement(tokens, document)
  return document
}

function statement(tokens: Tokens, document: Document): void {
  const { line, next } = tokens
  tokens.take()
  switch (next) {
    case 'include':
      document.includes.push({ path: tokens.text(), line })
      break
    case 'cpp_include':
      tokens.text()
      break
    case 'namespace':
      if (!tokens.accept('*')) tokens.name()
      if (/^["']/.test(tokens.next)) tokens.text()
      else tokens.name()
      break
    case 'const':
      type(tokens)
      tokens.name()
      tokens.expect('=')
      constant(tokens)
      break
    case 'typedef': {
      const meant = type(tokens)
      document.typedefs.set(tokens.name(), meant)
      break
    }
    case 'enum':
      document.enums.set(tokens.name(), enumeration(tokens))
      break
    case 'senum':
      document.typedefs.set(tokens.name(), { name: 'string', of: [], line })
      tokens.expect('{')
      while (!tokens.accept('}')) {
        tokens.text()
        separator(tokens)
      }
      break
    case 'struct':
    case 'union':
    case 'exception': {
      const name = tokens.name()
      tokens.accept('xsd_all')
      tokens.expect('{')
      document.structures.set(name, fields(tokens, '}'))
      break
    }
    case 'service':
      document.services.push(service(tokens, line))
      break
    default:
      // As namespaces were written before there was the word.
      if (!/^(?:\w+_(?:namespace|module|package|prefix))$/.test(next)) throw unknown(tokens, next)
      if (/^["']/.test(tokens.next)) tokens.text()
      else tokens.name()
  }
  annotations(tokens)
  separator(tokens)
}

function unknown(tokens: Tokens, word: string) {
  return tokens.problem(`'${word}' begins no definition`)
}

function enumeration(tokens: Tokens): Map<number, string> {
  const names = new Map<number, string>()
  tokens.expect('{')
  for (let value = 0; !tokens.accept('}'); value++) {
    const name = tokens.name()
    if (tokens.accept('=')) value = tokens.integer()
    names.set(value, name)
    annotations(tokens)
    separator(tokens)
  }
  return names
}

function service(tokens: Tokens, line: number): Service {
  const name = tokens.name()
  const parent = tokens.accept('extends') ? tokens.name() : undefined
  const operations: Operation[] = []
  tokens.expect('{')
  while (!tokens.accept('}')) operations.push(operation(tokens))
  return { name, parent, operations, line }
}

function operation(tokens: Tokens): Operation {
  // `async` is what it was called before Thrift 0.2.
  const isOneway = tokens.accept('oneway') || tokens.accept('async')
  const returns = tokens.accept('void') ? undefined : type(tokens)
  const name = tokens.name()
  tokens.expect('(')
  const params = fields(tokens, ')')
  let throws: readonly Field[] = []
  if (tokens.accept('throws')) {
    tokens.expect('(')
    throws = fields(tokens, ')')
  }
  annotations(tokens)
  separator(tokens)
  return { name, params, returns, throws, isOneway }
}

function fields(tokens: Tokens, end: string): Field[] {
  const all: Field[] = []
  // Fields without a number get one below zero.
  for (let unnumbered = -1; !tokens.accept(end); ) {
    let id = unnumbered
    if (/^[+-]?\d/.test(tokens.next)) {
      id = tokens.integer()
      tokens.expect(':')
    } else unnumbered--
    if (!tokens.accept('required')) tokens.accept('optional')
    const of = type(tokens)
    tokens.accept('&') // a reference, to C++
    const name = tokens.name()
    if (tokens.accept('=')) constant(tokens)
    tokens.accept('xsd_optional')
    tokens.accept('xsd_nillable')
    if (tokens.accept('xsd_attrs')) {
      tokens.expect('{')
      fields(tokens, '}')
    }
    annotations(tokens)
    separator(tokens)
    all.push({ id, name, type: of })
  }
  return all
}

function type(tokens: Tokens): TypeName {
  const { line } = tokens
  const name = tokens.name()
  const of: TypeName[] = []
  if (name === 'map' || name === 'set' || name === 'list') {
    cppType(tokens)
    tokens.expect('<')
    of.push(type(tokens))
    if (name === 'map') {
      tokens.expect(',')
      of.push(type(tokens))
    }
    tokens.expect('>')
    cppType(tokens)
  }
  annotations(tokens)
  return { name, of, line }
}

function cppType(tokens: Tokens): void {
  if (tokens.accept('cpp_type')) tokens.text()
}

/** In parentheses, what only generators of code look at. */
function annotations(tokens: Tokens): void {
  if (!tokens.accept('(')) return
  while (!tokens.accept(')')) {
    tokens.name()
    if (tokens.accept('=')) tokens.text()
    separator(tokens)
  }
}

function constant(tokens: Tokens): void {
  const open = tokens.next
  if (open !== '[' && open !== '{') {
    if (!/^["'\w.+-]/.test(open)) throw tokens.unexpected('a value')
    tokens.take()
    return
  }
  tokens.take()
  while (!tokens.accept(open === '[' ? ']' : '}')) {
    constant(tokens)
    if (open === '{') {
      tokens.expect(':')
      constant(tokens)
    }
    separator(tokens)
  }
}

function separator(tokens: Tokens): void {
  if (!tokens.accept(',')) tokens.accept(';')
}
