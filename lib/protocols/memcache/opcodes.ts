import { type Command, command } from './commands.js'

/** A command of the binary protocol. */
export interface Opcode {
  value: number
  /** As the specification writes it; empty for those it does not have. */
  name: string
  command: Command
  /** It is answered only when something is amiss, or found. */
  quiet: boolean
  /** What stands between header and key of a request. */
  extras: 'none' | 'flags expiry' | 'counter' | 'expiry' | 'level'
}

const known: Opcode[] = []

function add(value: number, name: string, what: Command, extras: Opcode['extras'] = 'none', quiet = false) {
  known[value] = { value, name, command: what, quiet, extras }
}

const load = (name: string) => command(name, 'Load')
const store = (name: string) => command(name, 'Store')
const info = (name: string) => command(name, 'Info')
const auth = (name: string) => command(name, 'Auth')
const counter = (name: string) => command(name, 'Counter')
// Packetbeat's names: a flush of the binary protocol is a `delete` with the opcode Flush.
const remove = command('delete', 'Delete')
const [get, gat, set, addition, replace] = [
  load('get'),
  load('gat'),
  store('set'),
  store('add'),
  store('replace'),
]
const [append, prepend, incr, decr] = [store('append'), store('prepend'), counter('incr'), counter('decr')]
const quit = info('quit')

// Memcached Binary Protocol (docs.memcached.org/protocols/binary), "Command Opcodes", and protocol_binary.h.
add(0x00, 'Get', get)
add(0x01, 'Set', set, 'flags expiry')
add(0x02, 'Add', addition, 'flags expiry')
add(0x03, 'Replace', replace, 'flags expiry')
add(0x04, 'Delete', remove)
add(0x05, 'Increment', incr, 'counter')
add(0x06, 'Decrement', decr, 'counter')
add(0x07, 'Quit', quit)
add(0x08, 'Flush', remove, 'expiry')
add(0x09, 'GetQ', get, 'none', true)
add(0x0a, 'No-op', info('noop'))
add(0x0b, 'Version', info('version'))
add(0x0c, 'GetK', get)
add(0x0d, 'GetKQ', get, 'none', true)
add(0x0e, 'Append', append)
add(0x0f, 'Prepend', prepend)
add(0x10, 'Stat', command('stats', 'Stats'))
add(0x11, 'SetQ', set, 'flags expiry', true)
add(0x12, 'AddQ', addition, 'flags expiry', true)
add(0x13, 'ReplaceQ', replace, 'flags expiry', true)
add(0x14, 'DeleteQ', remove, 'none', true)
add(0x15, 'IncrementQ', incr, 'counter', true)
add(0x16, 'DecrementQ', decr, 'counter', true)
add(0x17, 'QuitQ', quit, 'none', true)
add(0x18, 'FlushQ', remove, 'expiry', true)
add(0x19, 'AppendQ', append, 'none', true)
add(0x1a, 'PrependQ', prepend, 'none', true)
add(0x1b, 'Verbosity', info('verbosity'), 'level')
add(0x1c, 'Touch', store('touch'), 'expiry')
add(0x1d, 'GAT', gat, 'expiry')
add(0x1e, 'GATQ', gat, 'expiry', true)
add(0x20, 'SASL list mechs', auth('sasl_list'))
add(0x21, 'SASL Auth', auth('sasl_auth'))
add(0x22, 'SASL Step', auth('sasl_step'))
add(0x23, 'GATK', gat, 'expiry')
add(0x24, 'GATKQ', gat, 'expiry', true)

// Sets, maps and buckets of other servers: known by name, so that they can be told apart.
const others: Readonly<Record<number, string>> = {
  48: 'RGet',
  49: 'RSet',
  50: 'RSetQ',
  51: 'RAppend',
  52: 'RAppendQ',
  53: 'RPrepend',
  54: 'RPrependQ',
  55: 'RDelete',
  56: 'RDeleteQ',
  57: 'RIncr',
  58: 'RIncrQ',
  59: 'RDecr',
  60: 'RDecrQ',
  61: 'Set VBucket',
  62: 'Get VBucket',
  63: 'Del VBucket',
  64: 'TAP Connect',
  65: 'TAP Mutation',
  66: 'TAP Delete',
  67: 'TAP Flush',
  68: 'TAP Opaque',
  69: 'TAP VBucket Set',
  70: 'TAP Checkpoint Start',
  71: 'TAP Checkpoint End',
}

const unknown = command('UNKNOWN', 'UNKNOWN')

export const opcodes: readonly Opcode[] = Array.from({ length: 256 }, (_, value) => {
  const name = others[value] ?? ''
  return known[value] ?? { value, name, command: unknown, quiet: /^R.*Q$/.test(name), extras: 'none' }
})

export const STAT = 0x10
export const VERSION = 0x0b
export const SASL_AUTH = 0x21
export const SASL_STEP = 0x22

// "Response Status"; 0x20 and 0x21 are what memcached sends for 0x08 and 0x09.
const statuses: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Key not found',
  2: 'Key exists',
  3: 'Value too large',
  4: 'Invalid arguments',
  5: 'Item not stored',
  6: 'Incr/Decr on non-numeric value',
  7: 'The vbucket belongs to another server',
  8: 'Authentication error',
  9: 'Authentication continue',
  32: 'Authentication error',
  33: 'Authentication continue',
  129: 'Unknown command',
  130: 'Out of memory',
  131: 'Not supported',
  132: 'Internal error',
  133: 'Busy',
  134: 'Temporary failure',
}

export const statusName = (status: number): string => statuses[status] ?? `status ${status}`

/** The server wants the next step of a login: neither success nor failure. */
export const goesOn = (status: number): boolean => status === 9 || status === 33
