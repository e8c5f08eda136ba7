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

const files: Readonly<Record<string, string>> = {
  'packetbeat.reference.yml': referenceYaml(schema, registries),
  'docs/config.md': configMarkdown(schema, registries),
  'docs/config.schema.json': `${JSON.stringify(jsonSchema(schema))}\n`,
  'docs/differences.md': differencesMarkdown(join(root, 'test/conformance/deviations')),
  'docs/fields.md': fieldsMarkdown(registries.protocols),
  'lib/api/configuration.ts': configurationTypes(schema),
  'lib/api/events.ts': eventTypes(registries.protocols),
}

const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(files)) hold(path, text)

// Read when the types that it has were written.
const library = readLibrary(root)
hold('docs/api.md', apiMarkdown(library))
for (const name of undocumented(library)) {
  console.error(`lib/index.ts exports ${name}, which has no docstring`)
  process.exitCode = 1
}

/** Writes a file whose text is another, or complains of it. */
function hold(path: string, text: string): void {
  if (present(path) === text) return
  if (isCheck) {
    console.error(`${path} is not what the sources say; run npm run docs`)
    process.exitCode = 1
    return
  }
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  console.log(path)
}

function present(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}
