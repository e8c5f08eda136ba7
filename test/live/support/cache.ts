import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { path } from './needs.js'

/** Where downloads are kept from one run to the next. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'packetbeat-native')

// A slow line, and a machine that does something else as well.
const LONGEST = 300_000

const execute = promisify(execFile)

/** A folder `name` of the cache, which `fill` fills when it is not there: all of it or nothing. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  const part = `${folder}.${process.pid}`
  mkdirSync(dirname(part), { recursive: true })
  try {
    await fill(part)
    renameSync(part, folder)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    // Another test may have been faster.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** Runs a program that may take its time, such as one that downloads. */
export async function run(...[program, ...words]: [string, ...string[]]): Promise<void> {
  await execute(program, words, { timeout: LONGEST, env: { ...process.env, PATH: path } })
}

/** The jars of what a pom.xml depends on, in a folder `name` of the cache; the first time Maven fetches them. */
export const jars = (name: string, pom: string): Promise<string> =>
  cached(name, (into) =>
    run('mvn', '-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${into}`),
  )
