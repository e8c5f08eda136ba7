import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Node } from 'typescript/unstable/ast'
import { isIdentifier, isVariableDeclaration } from 'typescript/unstable/ast/is'
import {
  API,
  type Checker,
  type JSDocTagInfo,
  type Symbol as Name,
  NodeBuilderFlags,
  type Project,
  SymbolFlags,
} from 'typescript/unstable/sync'
import { writeDeclarations } from '../declarations.mjs'

/** Something that the library exports, or that the types of its exports lead to. */
export interface Documented {
  name: string
  kind: 'function' | 'class' | 'constant' | 'type'
  /** Its docstring, in Markdown; empty: it has none. */
  text: string
  tags: readonly JSDocTagInfo[]
  /** Its declarations as TypeScript. */
  code: string[]
  /** It is of a module that is generated, and of which there is a document of its own. */
  isGenerated: boolean
}

/** What is told of the library: its own docstring, its exports in their order, and what their types lead to. */
export interface Library {
  text: string
  exports: Documented[]
  others: Documented[]
}

/** Reads the library's declarations, made anew from the sources. */
export function readLibrary(root: string): Library {
  const folder = mkdtempSync(join(root, 'build-types-'))
  const api = new API({ cwd: folder })
  try {
    writeDeclarations(join(folder, 'dist'))
    cpSync(join(root, 'binding.d.ts'), join(folder, 'binding.d.ts'))
    const config = join(folder, 'tsconfig.json')
    const compilerOptions = { module: 'nodenext', target: 'es2022', types: ['node'], noEmit: true }
    writeFileSync(config, JSON.stringify({ compilerOptions, files: ['dist/index.d.ts'] }))
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (project === undefined) throw new Error('the declarations make no project')
    return new Reader(project, folder).library(join(folder, 'dist/index.d.ts'))
  } finally {
    api.close()
    rmSync(folder, { recursive: true })
  }
}

class Reader {
  readonly #project: Project
  readonly #checker: Checker
  readonly #folder: string
  readonly #seen = new Set<Name>()

  constructor(project: Project, folder: string) {
    this.#project = project
    this.#checker = project.checker
    this.#folder = folder
  }

  library(entry: string): Library {
    const file = this.#project.program.getSourceFile(entry)
    const module = file && this.#checker.getSymbolAtLocation(file)
    if (file === undefined || module === undefined) throw new Error('the library exports nothing')
    // What another package brings, such as `z`, is told there.
    const names = [...this.#checker.getExportsOfModule(module)]
      .filter((name) => this.#nodes(this.#meant(name)).some((node) => this.#isBelow(node)))
      .sort((a, b) => place(a) - place(b))
    for (const name of names) this.#seen.add(this.#meant(name))
    const exports = names.map((name) => this.#documented(name.name, this.#meant(name)))
    const others: Documented[] = []
    // Grows meanwhile: these lead to others.
    for (const name of this.#seen) for (const other of this.#ledTo(name)) this.#seen.add(other)
    for (const name of [...this.#seen].slice(names.length)) others.push(this.#documented(name.name, name))
    return { text: introduction(file.getFullText()), exports, others }
  }

  #documented(name: string, symbol: Name): Documented {
    return {
      name,
      kind: kindOf(symbol),
      text: symbol.getDocumentationComment(this.#checker).trim() || this.#ofModule(symbol),
      tags: symbol.getJsDocTags(this.#checker),
      code: this.#choices(symbol) ?? this.#nodes(symbol).map(codeOf),
      isGenerated: this.#isGenerated(symbol),
    }
  }

  /** A type that is one of some texts: these say more than where they come from. */
  #choices(symbol: Name): string[] | undefined {
    if ((symbol.flags & SymbolFlags.TypeAlias) === 0) return undefined
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol)
    if (!type.isUnionType() || !type.getTypes().every((each) => each.isStringLiteralType())) return undefined
    const flags = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.InTypeAlias
    const texts = this.#checker.typeToString(type, undefined, flags).replaceAll('"', "'").split(' | ')
    return [`type ${symbol.name} =\n${texts.map((text) => `  | ${text}`).join('\n')}`]
  }

  #nodes = (symbol: Name): Node[] =>
    symbol.declarations.flatMap((handle) => handle.resolve(this.#project) ?? [])

  /** Names of ours in the declarations of another, but for those that its text leaves out. */
  #ledTo(symbol: Name): Set<Name> {
    if (this.#choices(symbol) !== undefined || this.#isGenerated(symbol)) return new Set()
    const words: Node[] = []
    const visit = (node: Node): void => {
      if (isIdentifier(node)) words.push(node)
      node.forEachChild(visit)
    }
    for (const node of this.#nodes(symbol)) node.forEachChild(visit)
    const named = this.#checker.getSymbolAtLocation(words)
    const meant = named.flatMap((name) => (name === undefined ? [] : this.#meant(name)))
    return new Set(meant.filter((name) => (name.flags & TOLD) !== 0 && this.#isOurs(name)))
  }

  /** A whole module, exported by a name, says at its beginning what it is. */
  #ofModule = (symbol: Name): string =>
    (symbol.flags & SymbolFlags.ValueModule) === 0
      ? ''
      : this.#nodes(symbol)
          .map((node) => introduction(node.getSourceFile().getFullText()))
          .join('\n')

  #isBelow = (node: Node): boolean => node.getSourceFile().fileName.startsWith(this.#folder)

  #isGenerated = (symbol: Name): boolean =>
    this.#nodes(symbol).every((node) =>
      GENERATED.some((file) => node.getSourceFile().fileName.endsWith(`/dist/${file}`)),
    )

  #meant = (symbol: Name): Name =>
    (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol)

  /** Ours, and of a module rather than of a type or function. */
  #isOurs = (symbol: Name): boolean =>
    this.#nodes(symbol).some((node) => {
      const inside = isVariableDeclaration(node) ? node.parent.parent : node
      return this.#isBelow(node) && inside.parent === node.getSourceFile()
    })
}

// What they say has a document of its own: docs/config.md and docs/fields.md.
const GENERATED = ['api/configuration.d.ts', 'api/events.d.ts']

const TOLD =
  SymbolFlags.Function |
  SymbolFlags.Class |
  SymbolFlags.Interface |
  SymbolFlags.TypeAlias |
  SymbolFlags.Variable

const place = (symbol: Name): number => {
  const [first] = symbol.declarations
  return first === undefined ? Number.MAX_SAFE_INTEGER : first.index
}

function kindOf({ flags }: Name): Documented['kind'] {
  if (flags & SymbolFlags.Function) return 'function'
  if (flags & SymbolFlags.Class) return 'class'
  return flags & SymbolFlags.Variable ? 'constant' : 'type'
}

/** As it is written, without its own docstring, what is private, and the words that only declarations have. */
function codeOf(node: Node): string {
  const whole = isVariableDeclaration(node) ? node.parent.parent : node
  return whole
    .getText()
    .replace(/^(export )?(default )?(declare )?/, '')
    .replace(/^ +(?:#private|private [^\n]*);\n/gm, '')
    .replace(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 2))
}

/** What stands before everything else, in the comment of the package. */
const introduction = (text: string): string =>
  /^\/\*\*(.*?)\*\//s
    .exec(text)?.[1]
    ?.replace(/^[ \t]*\* ?/gm, '')
    .replace('@packageDocumentation', '')
    .trim() ?? ''
