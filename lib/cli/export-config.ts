import { stringify } from 'yaml'
import { readPluggedSources } from '../config/plugins.js'
import { registries } from '../config/registries.js'
import { isSecretName, MASK, withoutSecrets } from '../config/secrets.js'
import { isTemplate } from '../config/template.js'
import { plain } from '../config/tree.js'
import type { Command } from './command.js'
import { request } from './request.js'

export const exportConfig: Command = {
  name: 'export config',
  title: 'Print the configuration as it is used: all files, -E and flags as one.',
  details: 'Variables stay as they are written; passwords and the like are masked.',
  execute(flags, _words, io) {
    const { root } = readPluggedSources(request(flags, io.env), registries).source
    io.stdout.write(
      stringify(masked(plain(root)), { lineWidth: 0, defaultStringType: 'PLAIN', version: '1.1' }),
    )
    return 0
  },
}

/** The same without secrets; a reference to one tells nothing. */
function masked(value: unknown, secret = false): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, secret))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, secret || isSecretName(key))]),
    )
  if (
    secret &&
    value !== null &&
    typeof value !== 'boolean' &&
    !(typeof value === 'string' && isReference(value))
  )
    return MASK
  return typeof value === 'string' ? withoutSecrets(value) : value
}

/** Nothing but a reference: a default in it would be a secret again. */
const isReference = (text: string): boolean => isTemplate(text) && /^\$\{[^:}]+(:\?[^}]*)?\}$/.test(text)
