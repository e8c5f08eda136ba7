import type { Transaction } from '../../events/fields.js'
import type { Identified } from '../../transactions/by-id.js'
import type { Request } from './request.js'
import type { Response } from './response.js'

/** A request and its response; what a server pushes has no request. */
export interface CassandraTransaction extends Transaction, Identified {
  request: Request | undefined
  response: Response | undefined
  /** The keyspace that names of tables are of, when the request was sent. */
  keyspace: string | undefined
  /** Who is logged in, or tries to. */
  user: string | undefined
  withRequest: boolean
  withRequestHeader: boolean
  withResponse: boolean
  withResponseHeader: boolean
}
