import { UserError } from '../errors.js'
import { type Kibana, refusedByKibana } from './client.js'

interface ImportAnswer {
  success?: boolean
  successCount?: number
  errors?: {
    type?: string
    id?: string
    error?: { type?: string; message?: string; references?: { id: string }[] }
  }[]
}

/**
 * Imports saved objects, one a line, over those of the same ids; answers how many.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' with the first that Kibana does not take.
 */
export async function importObjects(kibana: Kibana, ndjson: string): Promise<number> {
  const boundary = `packetbeat-native-${Date.now().toString(36)}`
  const answer = await kibana.request({
    method: 'POST',
    path: '/api/saved_objects/_import',
    parameters: { overwrite: 'true' },
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="packetbeat.ndjson"\r\nContent-Type: application/ndjson\r\n\r\n${ndjson}\r\n--${boundary}--\r\n`,
  })
  if (answer.status !== 200) throw refusedByKibana(kibana, answer)
  const { success, successCount = 0, errors = [] } = parsed(kibana, answer.body)
  if (success) return successCount
  const [first] = errors
  const { type: what = 'unknown', message, references = [] } = first?.error ?? {}
  const missing = references.map(({ id }) => id).join(', ')
  const why = `${what}${message === undefined ? '' : `: ${message}`}${missing === '' ? '' : ` (${missing})`}`
  throw new UserError(
    'ERR_OUTPUT_OPEN',
    `Kibana at ${kibana.name} does not take ${errors.length} of the objects; the first is ${first?.type} ${first?.id}: ${why}.`,
  )
}

function parsed(kibana: Kibana, body: string): ImportAnswer {
  try {
    return JSON.parse(body) as ImportAnswer
  } catch (cause) {
    throw new UserError('ERR_OUTPUT_OPEN', `what answers at ${kibana.name} is no Kibana.`, { cause })
  }
}

/**
 * A dashboard with all that it refers to, as NDJSON.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' when Kibana has none of that id.
 */
export async function exportDashboard(kibana: Kibana, id: string): Promise<string> {
  const answer = await kibana.request({
    method: 'POST',
    path: '/api/saved_objects/_export',
    body: { objects: [{ type: 'dashboard', id }], includeReferencesDeep: true, excludeExportDetails: true },
  })
  if (answer.status === 200) return answer.body.endsWith('\n') ? answer.body : `${answer.body}\n`
  if (answer.status === 400 && /not found/i.test(answer.body))
    throw new UserError('ERR_OUTPUT_OPEN', `Kibana at ${kibana.name} has no dashboard ${id}.`)
  throw refusedByKibana(kibana, answer)
}
