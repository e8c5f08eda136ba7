/** What a command ends with, so that scripts can tell failures apart; 0 is success. */
export const exitCodes = {
  /** An unexpected failure: a defect of this program. */
  internal: 1,
  usage: 2,
  configuration: 3,
  permission: 4,
  device: 5,
  output: 6,
  /** A capture file that cannot be read, or not to its end. */
  file: 7,
  addon: 8,
} as const

export type ExitReason = keyof typeof exitCodes

// Every code there is, with the exit status of a command that ends by it.
const codes = {
  ERR_USAGE: 'usage',
  ERR_OPTIONS: 'usage',
  ERR_ITERATED: 'usage',
  ERR_ADDON_MISSING: 'addon',
  ERR_ADDON_LOAD: 'addon',
  ERR_CONFIG_FILE: 'configuration',
  ERR_CONFIG_PERMISSIONS: 'configuration',
  ERR_CONFIG_SYNTAX: 'configuration',
  ERR_CONFIG_VARIABLE: 'configuration',
  ERR_CONFIG_INVALID: 'configuration',
  ERR_KEYSTORE: 'configuration',
  ERR_CAPTURE_RELEASED: 'usage',
  ERR_PLUGIN_NOT_FOUND: 'configuration',
  ERR_PLUGIN_INVALID: 'configuration',
  ERR_PLUGIN_FAILED: 'configuration',
  ERR_CAPTURE_PERMISSION: 'permission',
  ERR_CAPTURE_DEVICE_UNKNOWN: 'device',
  ERR_CAPTURE_DEVICE_DOWN: 'device',
  ERR_CAPTURE_DEVICE_GONE: 'device',
  ERR_CAPTURE_BUFFER: 'device',
  ERR_CAPTURE_OPEN: 'device',
  ERR_CAPTURE_NO_LIBPCAP: 'device',
  ERR_CAPTURE_FILTER: 'configuration',
  ERR_CAPTURE_LINK_TYPE: 'file',
  ERR_CAPTURE_DUMP: 'output',
  ERR_CAPTURE_FILE_NOT_FOUND: 'file',
  ERR_CAPTURE_FILE_UNREADABLE: 'file',
  ERR_CAPTURE_FILE_EMPTY: 'file',
  ERR_CAPTURE_FILE_FORMAT: 'file',
  ERR_CAPTURE_FILE_TRUNCATED: 'file',
  ERR_CAPTURE_FILE_CORRUPT: 'file',
  ERR_ENDPOINT: 'configuration',
  ERR_DATA_LOCKED: 'configuration',
  ERR_OUTPUT_OPEN: 'output',
  ERR_OUTPUT_WRITE: 'output',
} as const satisfies Record<string, ExitReason>

/** What went wrong, for programs: a code keeps its meaning. */
export type ErrorCode = keyof typeof codes

/** Something the user can mend: the message says in one sentence what is wrong and what to do. */
export class UserError extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UserError'
    this.code = code
  }
}

/** The exit status for whatever ended a command, errors of the addon included. */
export function exitCodeOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code in codes ? exitCodes[codes[code as ErrorCode]] : exitCodes.internal
}

/** True for errors that are told in one sentence; all others are defects and show their stack. */
export const isUserError = (error: unknown): error is Error & { code: ErrorCode } =>
  error instanceof Error && String((error as { code?: unknown }).code) in codes
