import { UserError } from '../errors.js'
import type { HttpClient, HttpResponse } from '../http/client.js'
import { type AssetOptions, lifecycleOf, policy, template } from './assets.js'
import type { Mapping } from './mapping.js'
import { ingestPipelines } from './pipelines.js'
import { refusal } from './refusal.js'
import { serverName } from './server.js'

export interface LoadOptions extends AssetOptions {
  client: HttpClient
  log: { debug(message: string): void; info(message: string): void; warn(message: string): void }
}

/**
 * Loads lifecycle policy, index template and data stream where they are wanted and missing. `replace`: a template that is
 * there is replaced, whatever the configuration says.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' with what the server says.
 */
export async function loadIndexManagement(options: LoadOptions, replace: boolean): Promise<void> {
  const serverless = options.server.product === 'elasticsearch' && (await isServerless(options.client))
  const name = serverless ? undefined : await loadPolicy(options)
  const lifecycle = serverless ? lifecycleOf(options) : undefined
  if (options.setup.template.enabled)
    await loadTemplate(options, { replace, policy: name, ...(lifecycle !== undefined && { lifecycle }) })
  else options.log.info('setup.template.enabled is false: no index template is loaded')
}

/** The name for the template; undefined: the server has no policies, or none is wanted. */
async function loadPolicy(options: LoadOptions): Promise<string | undefined> {
  const { setup, server, client, log } = options
  const { enabled, check_exists, overwrite } = setup.ilm
  if (enabled === false) return undefined
  if (server.product === 'opensearch') {
    log.info('OpenSearch has no lifecycle policies of this kind: none is loaded')
    return undefined
  }
  const { name, body, path } = policy(options)
  if (!check_exists) return name
  const found = await client.request({ method: 'GET', path })
  if (found.status === 200 && !overwrite) {
    log.debug(`the lifecycle policy ${name} is there`)
    return name
  }
  if (lacks(found)) {
    log.info(`${serverName(server)} has no lifecycle policies: none is loaded`)
    return undefined
  }
  if (found.status !== 200 && found.status !== 404) throw refused(`the lifecycle policy ${name}`, found, ILM)
  await put(options, `the lifecycle policy ${name}`, path, body, ILM)
  log.info(`loaded the lifecycle policy ${name}`)
  return name
}

const ILM = 'setup.ilm.enabled: false goes without'
const TEMPLATE = 'setup.template.enabled: false goes without'

/** What a server without that API says, such as one without the parts that are not free. */
const lacks = ({ status, body }: HttpResponse): boolean =>
  (status === 400 || status === 405) && /no handler found for uri|Incorrect HTTP method/.test(body)

interface TemplateLoad {
  replace: boolean
  policy: string | undefined
  lifecycle?: Mapping
}

async function loadTemplate(
  options: LoadOptions,
  { replace, policy, lifecycle }: TemplateLoad,
): Promise<void> {
  const { client, setup, log } = options
  const lacking = new Set<string>()
  const make = () => template(options, { policy, lacking, ...(lifecycle !== undefined && { lifecycle }) })
  const { name, path, stream } = make()
  const found = await client.request({ method: 'HEAD', path })
  if (found.status !== 200 && found.status !== 404)
    throw refused(`the index template ${name}`, found, TEMPLATE)
  if (found.status === 200 && !replace && !setup.template.overwrite)
    log.debug(`the index template ${name} is there`)
  else {
    await putTemplate(options, name, path, () => make().body, lacking)
    log.info(`loaded the index template ${name}`)
  }
  if (stream !== undefined) await makeStream(options, stream)
}

/** Some distributions lack types that their version has: each is left out as the server names it. */
async function putTemplate(
  options: LoadOptions,
  name: string,
  path: string,
  body: () => Mapping,
  lacking: Set<string>,
): Promise<void> {
  for (;;) {
    const answer = await options.client.request({ method: 'PUT', path, body: body() })
    if (answer.status < 300) return
    const type = /No handler for type \[(\w+)\]/.exec(answer.body)?.[1]
    if (type === undefined || lacking.has(type) || options.setup.template.json.enabled)
      throw refused(`the index template ${name}`, answer, TEMPLATE)
    options.log.info(`the server has no type ${type}: its fields become what comes next to it`)
    lacking.add(type)
  }
}

async function makeStream({ client, log }: LoadOptions, name: string): Promise<void> {
  const answer = await client.request({ method: 'PUT', path: `/_data_stream/${encodeURIComponent(name)}` })
  if (answer.status < 300) log.info(`made the data stream ${name}`)
  else if (!answer.body.includes('resource_already_exists_exception'))
    throw refused(`the data stream ${name}`, answer, TEMPLATE)
}

/**
 * Loads the ingest pipelines that are missing, or all of them with `replace`. Answers their ids.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' with what the server says.
 */
export async function loadPipelines(options: LoadOptions, replace: boolean): Promise<string[]> {
  const { client, version, log } = options
  const ids: string[] = []
  for (const [id, body] of ingestPipelines(version)) {
    const path = `/_ingest/pipeline/${encodeURIComponent(id)}`
    ids.push(id)
    if (!replace) {
      const found = await client.request({ method: 'GET', path })
      if (found.status === 200) continue
      if (found.status !== 404) throw refused(`the ingest pipeline ${id}`, found)
    }
    await put(options, `the ingest pipeline ${id}`, path, body)
    log.info(`loaded the ingest pipeline ${id}`)
  }
  return ids
}

async function put(
  { client }: LoadOptions,
  what: string,
  path: string,
  body: Mapping,
  otherwise?: string,
): Promise<void> {
  const answer = await client.request({ method: 'PUT', path, body })
  if (answer.status >= 300) throw refused(what, answer, otherwise)
}

async function isServerless(client: HttpClient): Promise<boolean> {
  const { body } = await client.request({ method: 'GET', path: '/' })
  return /"build_flavor"\s*:\s*"serverless"/.test(body)
}

const refused = (what: string, answer: HttpResponse, otherwise?: string): UserError =>
  new UserError(
    'ERR_OUTPUT_OPEN',
    `cannot load ${what}: ${refusal(answer)}${otherwise === undefined ? '' : `; ${otherwise}`}.`,
  )
