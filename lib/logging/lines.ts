import type { Level } from '../config/settings.js'
import type { Entry } from './logger.js'

// The ECS version of the loggers that dashboards of Beats were made for.
const ECS_VERSION = '1.6.0'

const names: Readonly<Record<Level, string>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
}

/** A line as ECS JSON, without a line end. */
export const jsonLine = ({ time, level, logger, message, fields }: Entry): string =>
  JSON.stringify({
    'log.level': names[level],
    '@timestamp': time.toISOString(),
    'log.logger': logger,
    message,
    'service.name': 'packetbeat',
    'ecs.version': ECS_VERSION,
    ...fields,
  })

const colours: Readonly<Record<Level, string>> = { debug: '2', info: '36', warning: '33', error: '31' }

const digits = (value: number, width = 2): string => String(value).padStart(width, '0')

/** A line for people, without a line end: local time, level, logger, message. */
export function humanLine({ time, level, logger, message, fields }: Entry, coloured: boolean): string {
  const clock = `${digits(time.getHours())}:${digits(time.getMinutes())}:${digits(time.getSeconds())}.${digits(time.getMilliseconds(), 3)}`
  const paint = (code: string, text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text)
  const more = fields === undefined ? '' : ` ${paint('2', JSON.stringify(fields))}`
  return `${paint('2', clock)} ${paint(colours[level], names[level].padEnd(5))} ${paint('2', logger)} ${visible(message)}${more}`
}

/** Control characters of captured traffic must not reach a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const visible = (text: string): string => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd')
