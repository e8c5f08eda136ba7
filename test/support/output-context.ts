import { tmpdir } from 'node:os'
import type { SearchContext } from '../../lib/outputs/output.js'

/** What an output is told in tests. `warnings`: what it warned of. */
export function outputContext(more: Partial<SearchContext> = {}): SearchContext & { warnings: string[] } {
  const warnings: string[] = []
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (text: string) => void warnings.push(text),
  }
  const path = { config: tmpdir(), data: tmpdir() }
  return { version: '1.2.3', name: 'agent', path, log, warnings, ...more }
}
