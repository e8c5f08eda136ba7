// Writes what is generated from the schema and the field lists. --check: only says which files differ.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { registries } from '../lib/config/registries.js'
import { configSchema } from '../lib/config/schema/index.js'
import { configMarkdown } from './docs/config-md.js'
import { configurationTypes } from './docs/configuration-ts.js'
import { differencesMarkdown } from './docs/differences-md.js'
import { eventTypes } from './docs/events-ts.js'
import { fieldsMarkdown } from './docs/fields-md.js'
import { jsonSchema } from './docs/json-schema.js'
import { referenceYaml } from './docs/reference-yml.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const schema = configSchema(registries)

const files: Readonly<Record<string, string>> = {
  'packetbeat.reference.yml': referenceYaml(schema, registries),
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

const stale = Object.entries(files).filter(([path, text]) => present(path) !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the sources say; run npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(path)
  }
}
