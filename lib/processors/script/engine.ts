import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'
import type { QuickJSSyncVariant, QuickJSWASMModule } from 'quickjs-emscripten-core'

// WebAssembly pages of 64 KiB: what an engine begins with and what all that a script keeps must fit into.
const FIRST_PAGES = 256
const MOST_PAGES = 512

const require = createRequire(import.meta.url)
let compiled: object | undefined

// What is used of it here; Node's types leave it to those of browsers.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object
    Memory: new (pages: { initial: number; maximum: number }) => object
  }
}

/** A JavaScript engine (QuickJS) with memory of its own, 32 MiB at most: no files, no network, nothing of this program. */
export async function newEngine(): Promise<QuickJSWASMModule> {
  // Loaded with the first script; few runs have one.
  const [{ newQuickJSWASMModuleFromVariant, newVariant }, { default: variant }] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ])
  compiled ??= new WebAssembly.Module(
    readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
  )
  const wasmMemory = new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES })
  const options = { wasmModule: compiled, wasmMemory } as Parameters<typeof newVariant>[1]
  return newQuickJSWASMModuleFromVariant(newVariant(variant as unknown as QuickJSSyncVariant, options))
}

const guarded: { work: () => void } = { work() {} }
let guard: { script: Script; context: object } | undefined

/**
 * Does work, and stops it wherever it is after that many milliseconds: an engine's own functions, such as a search in long
 * texts, do not ask whether time is up. What was stopped is not to be used again. Costs a thread, so it is for many
 * events at a time. False: it was stopped.
 */
export function within(milliseconds: number, work: () => void): boolean {
  guard ??= { script: new Script('work()'), context: createContext(guarded) }
  guarded.work = work
  try {
    guard.script.runInContext(guard.context, { timeout: Math.ceil(milliseconds) })
    return true
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false
    throw error
  } finally {
    guarded.work = () => {}
  }
}
