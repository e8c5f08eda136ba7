import { createRequire } from 'node:module'
import type { Facts } from './facts.js'
import type { Target } from './targets.js'

const maximumBytes = 1_500_000
const glibcFloor = [2, 17]
const napiVersion = 'v8' // as CMakeLists.txt defines it; every Node that we run on has it

const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

// zig's linker for macOS takes no list of exports: two names of its own, and the operators new and delete, stay visible.
const unavoidable = /^(__dso_handle|_mh_dylib_header|_Z(n[aw]|d[al])\w+)$/

// The package has no types.
const headers: { symbols: Record<string, Record<string, string[]>> } = createRequire(import.meta.url)(
  'node-api-headers',
)
const node = new Set(Object.values(headers.symbols[napiVersion]).flat())
const isNodes = (name: string): boolean => /^n(ode_)?api_/.test(name)

/** What belongs to the C library of each system, and comes with it. */
const libc: Readonly<Record<string, RegExp>> = {
  glibc:
    /^(lib(c\.so\.6|m\.so\.6|pthread\.so\.0|dl\.so\.2|rt\.so\.1)|ld-linux-(x86-64\.so\.2|aarch64\.so\.1))$/,
  musl: /^libc\.so$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  win32: /^(kernel32|ntdll|ws2_32|iphlpapi|ole32|api-ms-win-crt-[a-z]+-l1-1-0)\.dll$|^node\.exe$/i,
}

const formats: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  linux: { x64: 'ELF X86_64', arm64: 'ELF AARCH64' },
  darwin: { x64: 'Mach-O X86_64', arm64: 'Mach-O ARM64' },
  win32: { x64: 'PE AMD64' },
}

/** What an addon that we ship must be, and this one is not, in sentences. */
export function broken({ platform, arch, libc: library }: Target, facts: Facts, bytes: number): string[] {
  const others = facts.libraries.filter((name) => !libc[library ?? platform].test(name))
  const exported = facts.exports.filter((name) => platform !== 'darwin' || !unavoidable.test(name))
  const newer = facts.imports.filter((name) => isNodes(name) && !node.has(name))
  const unknown = library === 'glibc' ? facts.imports.filter((name) => !isNodes(name)) : []
  const checks: [boolean, string][] = [
    [facts.format === formats[platform][arch], `it is ${facts.format}`],
    [exported.join() === entryPoints.join(), `it exports ${exported.join(', ') || 'nothing'}`],
    [others.length === 0, `it needs ${others.join(', ')}`],
    [newer.length === 0, `it needs ${newer.join(', ')}, which Node-API ${napiVersion} does not have`],
    [unknown.length === 0, `nobody says where ${unknown.join(', ')} comes from`],
    [
      facts.versions.every(oldEnough),
      `it needs ${facts.versions.filter((name) => !oldEnough(name)).join(', ')}`,
    ],
    [facts.stripped, 'it is not stripped'],
    [bytes <= maximumBytes, `it has ${bytes} bytes, more than ${maximumBytes}`],
    // The kernel of a Mac with an Apple processor loads nothing unsigned; ad hoc is enough.
    [
      platform !== 'darwin' || arch !== 'arm64' || facts.signature === 'valid',
      `its signature is ${facts.signature}`,
    ],
  ]
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem)
}

function oldEnough(version: string): boolean {
  const [major, minor] = /^GLIBC_(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? glibcFloor
  return major < glibcFloor[0] || (major === glibcFloor[0] && minor <= glibcFloor[1])
}
