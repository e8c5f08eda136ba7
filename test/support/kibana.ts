import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A saved object as it was sent. */
// biome-ignore lint/suspicious/noExplicitAny: it may be anything.
type Sent = any

interface ImportAnswer {
  success: boolean
  successCount: number
  errors?: {
    id: string
    type: string
    error: { type: string; message?: string; references?: { id: string }[] }
  }[]
}

const SOURCE = 'kibanaSavedObjectMeta.searchSourceJSON.index'
const charts = ['area', 'line', 'histogram', 'pie', 'table', 'metric', 'tagcloud']

/** What Kibana's import would say: each object has the parts of its type, and refers to what is there. */
export function importAnswer(text: string, known: readonly string[] = []): ImportAnswer {
  const sent: Sent[] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  const there = new Set([...known, ...sent.map(({ type, id }) => `${type} ${id}`)])
  const errors: NonNullable<ImportAnswer['errors']> = []
  for (const object of sent) {
    const { id, type } = object
    const missing = (object.references ?? []).filter((to: Sent) => !there.has(`${to.type} ${to.id}`))
    if (missing.length > 0)
      errors.push({ id, type, error: { type: 'missing_references', references: missing } })
    else
      try {
        checkObject(object)
      } catch (error) {
        errors.push({ id, type, error: { type: 'unknown', message: (error as Error).message } })
      }
  }
  if (new Set(sent.map(({ type, id }) => `${type} ${id}`)).size < sent.length)
    errors.push({ id: '', type: '', error: { type: 'non_unique_objects' } })
  return {
    success: errors.length === 0,
    successCount: sent.length - errors.length,
    ...(errors.length > 0 && { errors }),
  }
}

function checkObject({
  id,
  type,
  attributes,
  references,
  coreMigrationVersion,
  migrationVersion,
}: Sent): void {
  const need = (is: unknown, what: string): void => {
    if (!is) throw new Error(`${what} is missing or wrong`)
  }
  need(typeof id === 'string' && id !== '', 'id')
  need(coreMigrationVersion === '8.0.0' && migrationVersion?.[type] === '8.0.0', 'the version')
  need(typeof attributes?.title === 'string' && attributes.title !== '', 'attributes.title')
  const named = (name: string) => references.find((reference: Sent) => reference.name === name)
  const source = (): Sent => {
    const parsed = JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON)
    need(parsed.query?.language === 'kuery' && typeof parsed.query.query === 'string', 'the query')
    need(Array.isArray(parsed.filter), 'the filter')
    if (parsed.indexRefName !== undefined)
      need(named(parsed.indexRefName)?.type === 'index-pattern', 'the data view')
    return parsed
  }
  if (type === 'index-pattern') {
    need(attributes.timeFieldName === '@timestamp', 'timeFieldName')
    JSON.parse(attributes.fieldFormatMap)
  } else if (type === 'search') {
    need(source().indexRefName === SOURCE, 'the data view')
    need(Array.isArray(attributes.columns) && Array.isArray(attributes.sort), 'columns and sort')
  } else if (type === 'visualization') {
    const state = JSON.parse(attributes.visState)
    JSON.parse(attributes.uiStateJSON)
    if (state.type === 'markdown') {
      need(typeof state.params.markdown === 'string', 'markdown')
      return
    }
    need(source().indexRefName === SOURCE, 'the data view')
    need(charts.includes(state.type), `the type ${state.type}`)
    need(
      state.aggs.some(({ schema }: Sent) => schema === 'metric'),
      'a number',
    )
    need(new Set(state.aggs.map((agg: Sent) => agg.id)).size === state.aggs.length, 'an id of its own')
    const numbers = state.aggs.filter(({ schema }: Sent) => schema === 'metric').map((agg: Sent) => agg.id)
    for (const { type: kind, params } of state.aggs)
      if (kind === 'terms') need(numbers.includes(params.orderBy.split('.')[0]), `orderBy ${params.orderBy}`)
    for (const { data } of state.params.seriesParams ?? [])
      need(numbers.includes(data.id), `series ${data.id}`)
  } else if (type === 'map') {
    JSON.parse(attributes.mapStateJSON)
    for (const { sourceDescriptor } of JSON.parse(attributes.layerListJSON)) {
      const { indexPatternRefName } = sourceDescriptor
      if (indexPatternRefName !== undefined) need(named(indexPatternRefName), 'the data view')
    }
  } else if (type === 'dashboard') {
    JSON.parse(attributes.optionsJSON)
    source()
    const panels = JSON.parse(attributes.panelsJSON)
    for (const { panelIndex, panelRefName, type: kind } of panels)
      need(named(`${panelIndex}:${panelRefName}`)?.type === kind, `panel ${panelIndex}`)
    need(panels.length === references.length, 'a panel for each reference')
  } else throw new Error(`there is no type ${type}`)
}

/** The fields that a saved object reads: to search for and show, or to sort, count and compute by. */
export function fieldsRead({ type, attributes }: Sent): { searched: string[]; sorted: string[] } {
  const searched: string[] = []
  const sorted: string[] = []
  const query = (text: string) => {
    for (const [, name] of text.matchAll(/([@\w.-]+)\s*(?::|[<>]=?)/g)) searched.push(name as string)
  }
  if (type === 'search') searched.push(...attributes.columns)
  if (attributes.kibanaSavedObjectMeta !== undefined)
    query(JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON).query.query)
  if (type === 'visualization')
    for (const { params } of JSON.parse(attributes.visState).aggs) {
      if (params.field !== undefined) sorted.push(params.field)
      for (const { input } of params.filters ?? []) query(input.query)
    }
  if (type === 'map') {
    query(JSON.parse(attributes.mapStateJSON).query.query)
    for (const { sourceDescriptor } of JSON.parse(attributes.layerListJSON))
      if (sourceDescriptor.geoField !== undefined) sorted.push(sourceDescriptor.geoField)
  }
  return { searched, sorted }
}

export interface Request {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

interface Answer {
  status: number
  body: unknown
}

/** A server of HTTP that answers as told, and remembers what it was asked. */
export async function answering(
  answer: (request: Request) => Answer,
): Promise<{ port: number; requests: Request[]; close(): Promise<void> }> {
  const requests: Request[] = []
  const server: Server = createServer((incoming, response) => {
    const pieces: Buffer[] = []
    incoming.on('data', (piece: Buffer) => pieces.push(piece))
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming
      const request = { method, url, headers, body: Buffer.concat(pieces).toString() }
      requests.push(request)
      const { status, body } = answer(request)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The small part of Kibana that is asked for: its version, and the import. */
export function likeKibana({ url, headers, body }: Request, version = '8.17.0'): Answer {
  if (url.includes('/api/status')) return { status: 200, body: { version: { number: version } } }
  if (!url.includes('/api/saved_objects/_import')) return { status: 404, body: { message: 'Not Found' } }
  if (headers['kbn-xsrf'] === undefined)
    return { status: 400, body: { message: 'Request must contain a kbn-xsrf header.' } }
  const boundary = /boundary=(\S+)/.exec(String(headers['content-type']))?.[1] ?? ''
  const part = body.split(`--${boundary}`)[1] ?? ''
  if (!/filename="[^"]+\.ndjson"/.test(part))
    return { status: 415, body: { message: 'Invalid file extension' } }
  return { status: 200, body: importAnswer(part.slice(part.indexOf('\r\n\r\n') + 4).trim()) }
}
