import type { CommonOptions } from '../protocol.js'

/** The protocol's options. */
export interface Options extends CommonOptions {
  max_rows: number
  max_row_length: number
}

/** Who is at work on a connection. Unknown where the capture began in the midst of it. */
export class Session {
  readonly options: Options
  user: string | undefined = undefined
  /** `user` as a list, for `related.user`. */
  users: readonly string[] | undefined = undefined
  database: string | undefined = undefined
  application: string | undefined = undefined
  serverVersion: string | undefined = undefined

  constructor(options: Options) {
    this.options = options
  }

  /** The parameters of a StartupMessage. */
  startUp(parameters: ReadonlyMap<string, string>): void {
    this.user = parameters.get('user')
    this.users = this.user === undefined ? undefined : [this.user]
    // PostgreSQL's own default.
    this.database = parameters.get('database') ?? this.user
    this.application = parameters.get('application_name') || undefined
  }

  /** A ParameterStatus: at the start, and whenever a parameter is set anew. */
  parameter(name: string, value: string): void {
    if (name === 'application_name') this.application = value || undefined
    else if (name === 'server_version') this.serverVersion = value
  }
}
