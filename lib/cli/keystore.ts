// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import { existsSync } from 'node:fs'
import { keystorePath } from '../config/keystore.js'
import { readSources, withPaths } from '../config/sources.js'
import { UserError } from '../errors.js'
import { readKeystore, writeKeystore } from '../keystore/keystore.js'
import { protocols } from '../protocols/index.js'
import { confirmed, secretFrom } from './ask.js'
import type { Command } from './command.js'
import type { Io } from './io.js'
import type { Flags } from './parse.js'
import { request } from './request.js'

// A file read through references may hold anything; a secret is a line.
const MOST = 1024 * 1024

const create: Command = {
  name: 'keystore create',
  title: 'Create an empty file for secrets.',
  flags: ['force'],
  async execute(flags, _words, io) {
    const { path } = place(flags, io)
    if (
      existsSync(path) &&
      !flags.force &&
      !(await confirmed(io, `There is a keystore at ${path}. Replace it?`))
    ) {
      io.stdout.write('The keystore stays as it is.\n')
      return 0
    }
    writeKeystore(path, new Map())
    io.stdout.write(`Created the keystore ${path}\n`)
    return 0
  },
}

const add: Command = {
  name: 'keystore add',
  title: 'Put a secret into the keystore; settings refer to it as ${KEY}.',
  details: 'The secret is asked for, or read from standard input: its first line.',
  words: 'KEY',
  flags: ['stdin', 'force'],
  async execute(flags, [key, ...more], io) {
    if (key === undefined || key === '' || more.length > 0)
      throw new UserError('ERR_USAGE', 'keystore add takes one name, such as `keystore add ES_PASSWORD`.')
    const { path, strict } = place(flags, io)
    const secrets = new Map(readKeystore(path, strict) ?? [])
    if (secrets.has(key) && !flags.force) {
      // Standard input is the secret's.
      if (flags.stdin)
        throw new UserError('ERR_USAGE', `there is a secret ${key} already; --force replaces it.`)
      if (!(await confirmed(io, `There is a secret ${key} already. Replace it?`))) {
        io.stdout.write('The secret stays as it is.\n')
        return 0
      }
    }
    const secret = await secretFrom(io, flags.stdin === true, `Value of ${key}: `, MOST)
    if (secret === '') throw new UserError('ERR_USAGE', `the secret ${key} is empty, so it was not stored.`)
    writeKeystore(path, secrets.set(key, secret))
    io.stdout.write(`Stored ${key} in the keystore ${path}\n`)
    return 0
  },
}

const remove: Command = {
  name: 'keystore remove',
  title: 'Take secrets out of the keystore.',
  words: 'KEY...',
  execute(flags, keys, io) {
    if (keys.length === 0) throw new UserError('ERR_USAGE', 'keystore remove needs the name of a secret.')
    const { path, secrets } = present(flags, io)
    const left = new Map(secrets)
    const unknown = keys.filter((key) => !left.delete(key))
    if (unknown.length > 0)
      throw new UserError(
        'ERR_KEYSTORE',
        `the keystore ${path} has no ${unknown.join(', ')}, so nothing was removed; \`keystore list\` shows what it has.`,
      )
    writeKeystore(path, left)
    for (const key of keys) io.stdout.write(`Removed ${key}\n`)
    return 0
  },
}

const list: Command = {
  name: 'keystore list',
  title: 'List the names of the secrets in the keystore.',
  execute(flags, _words, io) {
    for (const key of [...present(flags, io).secrets.keys()].sort()) io.stdout.write(`${key}\n`)
    return 0
  },
}

export const keystore: readonly Command[] = [create, add, remove, list]

function place(flags: Flags, io: Io): { path: string; strict: boolean } {
  const sources = request(flags, io.env)
  const root = withPaths(readSources(sources, protocols))
  return { path: keystorePath(root, (name) => io.env[name]), strict: sources.strictPermissions }
}

function present(flags: Flags, io: Io) {
  const { path, strict } = place(flags, io)
  const secrets = readKeystore(path, strict)
  if (secrets === undefined)
    throw new UserError('ERR_KEYSTORE', `there is no keystore ${path}; \`keystore create\` makes one.`)
  return { path, secrets }
}
