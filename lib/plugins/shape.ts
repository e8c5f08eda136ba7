import { z } from 'zod'
import { nearestName } from '../config/nearest-name.js'
import { UserError } from '../errors.js'
import type { NamedPlugin, Plugin } from './plugin.js'

/** First parts of this program's own counters. */
const OWN = new Set(
  `batches capture conversations decode file flow flows fragments output pipeline plugins processors procs queue streams
  tcp`.split(/\s+/),
)

/** Made with the first plug-in: schemas take time. `keys`: all names of members. */
function pluginSchema() {
  const text = z.string('must be a text').min(1, 'must not be empty')
  const called = (pattern: RegExp, form: string) => text.regex(pattern, `must be a name of ${form}`)
  const code = (what: string) =>
    z.custom((value) => typeof value === 'function', `must be a function ${what}`)
  const list = <S extends z.ZodType>(item: S) => z.array(item, 'must be a list')
  const section = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape, 'must be an object')

  // Names are keys of the configuration, parts of counters, and values of fields.
  const name = called(/^[a-z][a-z0-9_]{0,63}$/, 'lower-case letters, digits and _')

  // A schema of another copy of zod is as good as one of ours.
  const options = z.custom(
    (value) => (value as { _zod?: { def?: { type?: unknown } } } | undefined)?._zod?.def?.type === 'object',
    'must be a schema, made by z.strictObject',
  )

  const field = section({
    type: z.enum(['keyword', 'text', 'long', 'double', 'boolean', 'date', 'ip', 'object'], {
      error: 'must be keyword, text, long, double, boolean, date, ip or object',
    }),
    description: text,
    value: code('(transaction, endpoints) => value'),
    of: code('(transaction, endpoints) => part').optional(),
    own: code('(transaction, endpoints) => value').optional(),
    json: code('(value) => text').optional(),
    list: z.literal([true, 'or one'], "must be true or 'or one'").optional(),
    ofConversation: z.literal(true, 'must be true').optional(),
    plain: z.literal(true, 'must be true').optional(),
    members: z.record(z.string(), z.unknown(), 'must be an object').optional(),
  })

  const fieldName = called(/^[a-zA-Z][\w-]*(\.[\w-]+)*$/, 'words with dots between them')

  const protocol = section({
    name: name.refine((name) => !OWN.has(name), 'must be another name: this program counts something by it'),
    title: text,
    transports: list(z.enum(['tcp', 'udp', 'icmp'], { error: 'must be tcp, udp or icmp' })).min(
      1,
      'must not be empty',
    ),
    ports: list(
      z.int('must be a port').min(1, 'must be a port, 1 to 65535').max(65535, 'must be a port, 1 to 65535'),
    ),
    options,
    counters: z.record(
      called(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _'),
      text,
      'must be an object of names and what they count',
    ),
    fields: z.record(fieldName, field, 'must be an object of fields'),
    constants: z.record(z.string(), z.unknown(), 'must be an object').optional(),
    start: code('(options, context) => (endpoints) => conversation'),
  })

  const output = section({
    name,
    title: text,
    options,
    wants: code("(options) => 'text' or 'document'"),
    open: code('(options, context) => output'),
    delivery: code('(options) => delivery').optional(),
    tuned: code('(options) => tuned').optional(),
    check: code('(options, context, report) => promise').optional(),
  })

  const processor = section({
    name: name.refine(
      (name) => !['if', 'then', 'else'].includes(name),
      'must be another name: it is a keyword',
    ),
    title: text,
    options,
    create: code('(options, context) => process'),
  })

  const shape = section({
    protocols: list(protocol).optional(),
    outputs: list(output).optional(),
    processors: list(processor).optional(),
  }).refine(
    ({ protocols = [], outputs = [], processors = [] }) =>
      protocols.length + outputs.length + processors.length > 0,
    'brings nothing; it needs protocols, outputs or processors',
  )
  const keys = [protocol, output, processor, field, shape].flatMap((schema) => Object.keys(schema.shape))
  return { shape, keys }
}

let made: ReturnType<typeof pluginSchema> | undefined

/**
 * What a plug-in brings, when its shape is right.
 * @throws {UserError} 'ERR_PLUGIN_INVALID' that names what is wrong, such as `protocols[0].fields`.
 */
export function checkShape({ plugin, name, file }: NamedPlugin): Plugin {
  made ??= pluginSchema()
  const { shape, keys } = made
  const result = shape.safeParse(plugin, { jitless: true })
  if (result.success) return plugin as Plugin
  const [issue] = result.error.issues as [z.core.$ZodIssue]
  throw new UserError('ERR_PLUGIN_INVALID', `the plug-in ${file ?? name}: ${sentence(issue, keys)}`)
}

function sentence(issue: z.core.$ZodIssue, keys: readonly string[]): string {
  const at = issue.path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  )
  const what = at === '' ? 'what it exports' : at
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const meant = nearestName(key, keys)
    return `${at === '' ? '' : `${at}.`}${key} is not known${meant === undefined ? '' : `; did you mean ${meant}?`}`
  }
  if (issue.code === 'invalid_key') return `${what} ${issue.issues[0]?.message ?? 'is no name'}`
  return `${what} ${issue.message}${at === '' && issue.code === 'invalid_type' ? ', such as export default { protocols: [...] }' : ''}`
}
