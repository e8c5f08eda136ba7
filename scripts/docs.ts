// Writes what is generated from the schema and the field lists. --check: only says which files differ.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { registries } from '../lib/config/registries.js'
import { configSchema } from '../lib/config/schema/index.js'
import { apiMarkdown, undocumented } from './docs/api-md.js'
import { configMarkdown } from './docs/config-md.js'
import { configurationTypes } from './docs/configuration-ts.js'
import { differencesMarkdown } from './docs/differences-md.js'
import { eventTypes } from './docs/events-ts.js'
import { fieldsMarkdown } from './docs/fields-md.js'
import { jsonSchema } from './docs/json-schema.js'
import { readLibrary } from './docs/library.js'
import { referenceYaml } from './docs/reference-yml.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const schema = configSchema(registries)

const library = readLibrary(root)
const silent = undocumented(library)

const files: Readonly<Record<string, string>> = {
  'packetbeat.reference.yml': referenceYaml(schema, registries),
  'docs/api.md': apiMarkdown(library),
  'docs/config.md': configMarkdown(schema, registries),
  'docs/config.schema.json': `${JSON.stringify(jsonSchema(schema))}\n`,
  'docs/differences.md': differencesMarkdown(join(root, 'test/conformance/deviations')),
  'lib/api/configuration.ts': configurationTypes(schema),
  'lib/api/events.ts': eventTypes(registries.protocols),
  'docs/fields.md': fieldsMarkdown(registries.protocols),
}

const present = (path: string): string | undefined => {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}

for (const name of silent) {
  console.error(`lib/index.ts exports ${name}, which has no docstring`)
  process.exitCode = 1
}

const stale = Object.entries(files).filter(([path, text]) => present(path) !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the sources say; run npm run docs`)
  if (stale.length > 0) process.exitCode = 1
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(path)
  }
}
