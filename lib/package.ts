import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** This package's version, `agent.version`. Told here and not deeper, so that the path is right in a bundle too. */
export const packageVersion: string = version

/** Where the package is, with a separator at its end. */
export const packageFolder: string = fileURLToPath(new URL('..', import.meta.url))

/** The module of the library, which plug-ins import by the name of the package. */
export const libraryUrl: string = new URL('./index.js', import.meta.url).href
