// Spec: MySQL Source Code Documentation, "Command Phase"; MariaDB, "COM_STMT_BULK_EXECUTE".

/**
 * How a command is answered: not at all; by a `result` (OK, ERR, a request for a file, or rows, and again where more
 * results follow); by `rows` whose columns are known; by column `definitions`; by a statement that was `prepared`; by a
 * line of `text`; as a `login` is; by the binary log, which is `replication`.
 */
export type Answered =
  | 'not'
  | 'result'
  | 'rows'
  | 'definitions'
  | 'prepared'
  | 'text'
  | 'login'
  | 'replication'

export interface Command {
  /** The protocol's name without COM_. */
  name: string
  answered: Answered
  /** Bytes it has at least and at most, itself included. */
  least: number
  most: number
}

export const COM_QUIT = 0x01
export const COM_INIT_DB = 0x02
export const COM_QUERY = 0x03
export const COM_FIELD_LIST = 0x04
export const COM_CREATE_DB = 0x05
export const COM_DROP_DB = 0x06
export const COM_PROCESS_KILL = 0x0c
export const COM_CHANGE_USER = 0x11
export const COM_STMT_PREPARE = 0x16
export const COM_STMT_EXECUTE = 0x17
export const COM_STMT_SEND_LONG_DATA = 0x18
export const COM_STMT_CLOSE = 0x19
export const COM_STMT_RESET = 0x1a
export const COM_STMT_FETCH = 0x1c
export const COM_RESET_CONNECTION = 0x1f
export const COM_STMT_BULK_EXECUTE = 0xfa
/** No command of the wire: the client's answer to the server's greeting. */
export const LOGIN = 0x100

const command = (name: string, answered: Answered, least = 1, most = least): Command => ({
  name,
  answered,
  least,
  most,
})

const ANY = Number.POSITIVE_INFINITY

/** By their byte. Those that servers have refused for twenty years (COM_SLEEP, COM_TIME, COM_CONNECT...) are none. */
export const commands: readonly (Command | undefined)[] = Object.assign(new Array<Command>(0x101), {
  [COM_QUIT]: command('QUIT', 'not'),
  [COM_INIT_DB]: command('INIT_DB', 'result', 1, 1024),
  [COM_QUERY]: command('QUERY', 'result', 1, ANY),
  [COM_FIELD_LIST]: command('FIELD_LIST', 'definitions', 2, 2048),
  [COM_CREATE_DB]: command('CREATE_DB', 'result', 1, 1024),
  [COM_DROP_DB]: command('DROP_DB', 'result', 1, 1024),
  7: command('REFRESH', 'result', 2),
  8: command('SHUTDOWN', 'result', 1, 2),
  9: command('STATISTICS', 'text'),
  10: command('PROCESS_INFO', 'result'),
  [COM_PROCESS_KILL]: command('PROCESS_KILL', 'result', 5),
  13: command('DEBUG', 'result'),
  14: command('PING', 'result'),
  [COM_CHANGE_USER]: command('CHANGE_USER', 'login', 3, 65_536),
  18: command('BINLOG_DUMP', 'replication', 11, 1024),
  19: command('TABLE_DUMP', 'replication', 3, 1024),
  21: command('REGISTER_SLAVE', 'result', 18, 1024),
  [COM_STMT_PREPARE]: command('PREPARE', 'prepared', 1, ANY),
  [COM_STMT_EXECUTE]: command('EXECUTE', 'result', 10, ANY),
  [COM_STMT_SEND_LONG_DATA]: command('SEND_LONG_DATA', 'not', 7, ANY),
  [COM_STMT_CLOSE]: command('CLOSE', 'not', 5),
  [COM_STMT_RESET]: command('STMT_RESET', 'result', 5),
  27: command('SET_OPTION', 'result', 3),
  [COM_STMT_FETCH]: command('FETCH', 'rows', 9),
  30: command('BINLOG_DUMP_GTID', 'replication', 11, ANY),
  [COM_RESET_CONNECTION]: command('RESET_CONNECTION', 'result'),
  [COM_STMT_BULK_EXECUTE]: command('BULK_EXECUTE', 'result', 7, ANY),
  [LOGIN]: command('LOGIN', 'login', 0, 65_536),
})
