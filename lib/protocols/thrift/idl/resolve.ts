import { type FieldShape, type Method, NO_SHAPE, type Shape } from '../shapes.js'
import type { Document, Field, Operation, Service, TypeName } from './grammar.js'
import { Problem } from './tokens.js'

/** An interface file with those it includes, by the name they have in it. */
export interface Loaded {
  path: string
  document: Document
  includes: Map<string, Loaded>
}

const base = new Set([
  'bool',
  'byte',
  'i8',
  'i16',
  'i32',
  'i64',
  'double',
  'string',
  'binary',
  'slist',
  'uuid',
])

// Names and collections that a type is made of. One that has more goes round in a circle.
const MAX_NESTED = 64

/** Follows names to what they stand for. */
export class Resolver {
  readonly #reads: (file: string) => void
  /** Structures, each once: they may contain one another. */
  readonly #structures = new Map<readonly Field[], Shape>()

  /** `reads` is told which file is looked at. */
  constructor(reads: (file: string) => void) {
    this.#reads = reads
  }

  /** See `Interfaces`. Of methods with the same name the first is found without its service. @throws {Problem} */
  methods(files: readonly Loaded[]): Map<string, Method> {
    const methods = new Map<string, Method>()
    for (const file of files)
      for (const service of file.document.services)
        for (const [name, method] of this.#ofService(file, service, [])) {
          methods.set(`${service.name}:${name}`, method)
          if (method.service === service.name && !methods.has(name)) methods.set(name, method)
        }
    return methods
  }

  #ofService(file: Loaded, service: Service, children: readonly Service[]): Map<string, Method> {
    this.#reads(file.path)
    if (children.includes(service)) throw new Problem(`${service.name} extends itself`, service.line)
    const { name, parent, line } = service
    let methods = new Map<string, Method>()
    if (parent !== undefined) {
      const found = this.#find(file, parent, ({ services }, plain) =>
        services.find(({ name }) => name === plain),
      )
      if (found === undefined) throw new Problem(`there is no service ${parent}`, line)
      methods = this.#ofService(found.file, found.value, [...children, service])
      this.#reads(file.path)
    }
    for (const operation of service.operations)
      methods.set(operation.name, this.#method(file, name, operation))
    return methods
  }

  #method(file: Loaded, service: string, { params, returns, throws, isOneway }: Operation): Method {
    const result = new Map(this.#fields(file, throws))
    if (returns !== undefined) result.set(0, { label: '', shape: this.#shape(file, returns) })
    return {
      service,
      isOneway,
      params: { ...NO_SHAPE, fields: this.#fields(file, params) },
      result: { ...NO_SHAPE, fields: result },
    }
  }

  #fields(file: Loaded, fields: readonly Field[]): Map<number, FieldShape> {
    return new Map(
      fields.map(({ id, name, type }) => [id, { label: `${name}: `, shape: this.#shape(file, type) }]),
    )
  }

  #shape(file: Loaded, { name, of, line }: TypeName, nested = 0): Shape | undefined {
    if (of.length > 0) {
      const [first, second] = of.map((type) => this.#shape(file, type, nested + 1))
      if (first === undefined && second === undefined) return undefined
      return second === undefined && of.length === 1
        ? { ...NO_SHAPE, element: first }
        : { ...NO_SHAPE, key: first, element: second }
    }
    if (base.has(name)) return undefined
    const typedef = this.#find(file, name, ({ typedefs }, plain) => typedefs.get(plain))
    if (typedef !== undefined) {
      if (nested >= MAX_NESTED) throw new Problem(`${name} stands for itself`, line)
      return this.#shape(typedef.file, typedef.value, nested + 1)
    }
    const enumeration = this.#find(file, name, ({ enums }, plain) => enums.get(plain))
    if (enumeration !== undefined) return { ...NO_SHAPE, names: enumeration.value }
    const structure = this.#find(file, name, ({ structures }, plain) => structures.get(plain))
    if (structure === undefined) throw new Problem(`there is no type ${name}`, line)
    return this.#structure(structure.file, structure.value)
  }

  #structure(file: Loaded, fields: readonly Field[]): Shape {
    const known = this.#structures.get(fields)
    if (known !== undefined) return known
    const shapes = new Map<number, FieldShape>()
    const shape = { ...NO_SHAPE, fields: shapes }
    this.#structures.set(fields, shape)
    for (const [id, field] of this.#fields(file, fields)) shapes.set(id, field)
    return shape
  }

  /** What a name stands for: in the file itself, or, after a dot, in one that it includes. */
  #find<T>(
    file: Loaded,
    name: string,
    lookUp: (document: Document, name: string) => T | undefined,
  ): { file: Loaded; value: T } | undefined {
    const here = lookUp(file.document, name)
    if (here !== undefined) return { file, value: here }
    const dot = name.lastIndexOf('.')
    const included = file.includes.get(name.slice(0, dot))
    const there = included && lookUp(included.document, name.slice(dot + 1))
    return included === undefined || there === undefined ? undefined : { file: included, value: there }
  }
}
