import { binding } from '../binding.js'
import type { RunAsSettings } from '../config/settings.js'
import { UserError } from '../errors.js'

/** Whom a process becomes. */
export interface Account {
  /** As it is configured. */
  name: string
  user: number
  group: number
  /** All of them, `group` included. */
  groups: readonly number[]
}

const NUMBER = /^\d{1,10}$/

/**
 * Looks up `packetbeat.run_as`. Numbers need not be known to the system, but then need a group.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for users and groups that this machine does not know.
 */
export function findAccount({ user, group, place }: RunAsSettings): Account {
  const refuse = (why: string) => new UserError('ERR_CONFIG_INVALID', `${place}packetbeat.run_as ${why}.`)
  if (process.platform === 'win32')
    throw refuse('is not available on Windows; give the service an account of its own instead')
  const known = binding.findUser(user)
  if (known === null && !NUMBER.test(user))
    throw refuse(
      `names the user ${user}, whom this machine does not know; \`sudo useradd --system --shell /usr/sbin/nologin ${user}\` makes one`,
    )
  const own = group === undefined ? known?.group : (binding.findGroup(group) ?? numbered(group))
  if (own === undefined)
    throw refuse(
      group === undefined
        ? `names the user ${user} by number, and this machine knows no group of that user; write ${user}:GROUP`
        : `names the group ${group}, which this machine does not know; \`sudo groupadd --system ${group}\` makes one`,
    )
  return {
    name: group === undefined ? user : `${user}:${group}`,
    user: known?.id ?? Number(user),
    group: own,
    groups: [...new Set([own, ...(known?.groups ?? [])])],
  }
}

const numbered = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined)
