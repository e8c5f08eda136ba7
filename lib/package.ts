import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** This package's version, `agent.version`. Told here and not deeper, so that the path is right in a bundle too. */
export const packageVersion: string = version
