import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { it } from 'node:test'
import { parse } from 'yaml'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import { configSchema } from '../../lib/config/schema/index.js'
import { optionsOf } from '../../scripts/docs/options.js'
import { referenceYaml } from '../../scripts/docs/reference-yml.js'
import { requestOf, written } from './support.js'

const schema = configSchema(registries)

it('every option says what it is for', () => {
  const silent = optionsOf('', schema).filter(({ description }) => description === '')
  assert.deepEqual(silent, [])
})

it('the reference file is a configuration without mistakes, notices or surprises', () => {
  const { notices, output, protocols } = load(
    requestOf([written(referenceYaml(schema, registries))]),
    registries,
  )
  assert.deepEqual(notices, [])
  assert.equal(output?.plugin.name, 'console')
  assert.equal(protocols.length, registries.protocols.length)
})

it('what the reference file has in comments can be put in', () => {
  // Settings without a default have no value in it; a second output and a second queue are one too many.
  const text = referenceYaml(schema, registries)
    .split('\n')
    .filter(
      (line) => !/^ *# /.test(line) && !/^ *#[\w.]+:$/.test(line) && !/^#(output|queue\.disk)\./.test(line),
    )
    .map((line) => line.replace(/^( *)#(?=[\w.]+: )/, '$1'))
    // The options of all entries belong below an entry.
    .filter(
      (line, index, lines) =>
        !(/^ {4}\w/.test(line) && index < lines.findIndex((entry) => entry.startsWith('  - type'))),
    )
    .join('\n')
  assert.ok(Object.keys(parse(text) as object).length > 10)
  assert.deepEqual(load(requestOf([written(text)]), registries).notices, [])
})

it('the generated files are those of the sources', () => {
  assert.equal(
    readFileSync(new URL('../../packetbeat.reference.yml', import.meta.url), 'utf8'),
    referenceYaml(schema, registries),
  )
})
