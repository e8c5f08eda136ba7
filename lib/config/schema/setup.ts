import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, SECOND } from '../../options/duration.js'
import { planned, secret } from '../../options/kinds.js'
import { anything } from '../../options/values.js'
import { sslOption } from '../../outputs/ssl/options.js'

const on = (what: string) => z.boolean().default(true).describe(what)
const off = (what: string) => z.boolean().default(false).describe(what)
const file = (what: string) => z.string().min(1).optional().describe(what)

const template = z.strictObject({
  enabled: on('Load an index template when the Elasticsearch output connects, and by `setup`.'),
  name: formatString.optional().describe('Its name; `packetbeat-%{[agent.version]}` unless given.'),
  pattern: formatString.optional().describe('The indices it is for; its name unless given.'),
  fields: file('A file with fields, in the form of `fields.yml`, instead of those of our events.'),
  overwrite: off('Replace a template of that name; without it, what is there is left alone.'),
  append_fields: z
    .array(anything())
    .default([])
    .describe('More fields, each with `name`, `type` and the like, as in `fields.yml`.'),
  priority: z.int().min(0).default(150).describe('The template of the highest priority counts.'),
  type: z
    .enum(['index', 'component', 'legacy'])
    .default('index')
    .describe('`index` for data streams, `component` for use in other templates, `legacy` for old servers.'),
  json: z
    .strictObject({
      enabled: off('Load the template of a file instead of one made of the fields.'),
      path: file('That file.'),
      name: z.string().min(1).optional().describe('The name of the template.'),
      data_stream: off('It is for data streams.'),
    })
    .prefault({})
    .describe('A template of your own.'),
  settings: z
    .strictObject({
      index: anything().optional().describe('Settings of the index, such as `number_of_shards`.'),
      _source: anything().optional().describe('Of the mapping: `enabled`.'),
    })
    .prefault({})
    .describe('What the template says beside the fields.'),
})

const lifecycle = (what: string) => ({
  policy_file: file(`A file with ${what}, instead of ours.`),
  check_exists: on('Look whether there is one. False, for users who may not look: then none is loaded.'),
  overwrite: off('Replace what is there.'),
})

const ilm = z.strictObject({
  enabled: z
    .union([z.boolean(), z.literal('auto')])
    .default(true)
    .describe('Load a lifecycle policy, and put its name into the template. OpenSearch has none.'),
  policy_name: formatString.default('packetbeat').describe('Its name.'),
  ...lifecycle('a policy as JSON'),
})

const dsl = z.strictObject({
  enabled: on('Give data streams a lifecycle, on servers without policies: Elasticsearch Serverless.'),
  data_stream_pattern: planned(formatString.optional().describe('The data streams it is for.')),
  ...lifecycle('a lifecycle as JSON'),
})

const dashboards = z.strictObject({
  enabled: off('Load the dashboards at each start.'),
  directory: file('A directory with `.ndjson` or `.json` files to load instead of our own dashboards.'),
  file: file('One file to load, `.ndjson` or `.json`.'),
  url: planned(z.string().optional().describe('An archive to load.')),
  beat: z.string().default('packetbeat').describe('Not used: there are no dashboards of other Beats here.'),
  kibana_index: planned(z.string().optional().describe('The index of Kibana.')),
  index: formatString.default('packetbeat-*').describe('The indices that the dashboards read.'),
  always_kibana: z.boolean().default(true).describe('Dashboards are always loaded by the API of Kibana.'),
  retry: z
    .strictObject({
      enabled: off('Wait for a Kibana that does not answer yet.'),
      interval: duration().default(SECOND).describe('Between two tries.'),
      maximum: z.int().min(0).default(0).describe('Tries after the first; 0: no end.'),
    })
    .prefault({})
    .describe('What to do when Kibana does not answer.'),
})

const kibana = z.strictObject({
  host: z.string().min(1).default('localhost:5601').describe('A host, `host:port`, or a URL.'),
  protocol: z.enum(['http', 'https']).optional().describe('For a host that is no URL; http unless given.'),
  path: z.string().default('').describe('What stands before the path of each request.'),
  username: z.string().optional().describe('The user; that of the Elasticsearch output unless given.'),
  password: secret(z.string().optional().describe('The password of the user.')),
  api_key: secret(z.string().optional().describe('An API key, `id:key`, instead of a user.')),
  space: z
    .strictObject({ id: z.string().default('').describe('Its id; the default space unless given.') })
    .prefault({})
    .describe('The space to load into.'),
  headers: z.record(z.string(), z.string()).default({}).describe('Headers of each request.'),
  ssl: sslOption(),
})

export const setupSchema = z.strictObject({
  template: template.prefault({}).describe('The index template.'),
  ilm: ilm.prefault({}).describe('The lifecycle policy of indices.'),
  dsl: dsl.prefault({}).describe('The lifecycle of data streams.'),
  dashboards: dashboards.prefault({}).describe('Dashboards in Kibana.'),
  kibana: kibana.prefault({}).describe('The API of Kibana.'),
})

/** What is to be loaded into Elasticsearch and Kibana, as configured. */
export type SetupOptions = z.output<typeof setupSchema>
