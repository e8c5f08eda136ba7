// The plug-in of examples/plugin as its author would give it away: a package, installed beside this one from tarballs.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { events, notBuilt, repository } from '../support/command.js'
import { capture } from './support.js'

const addon = join(repository, 'build/Release/packetbeat_native.node')
const skip = existsSync(addon) ? notBuilt : 'needs `npm run build:native`'
const home = mkdtempSync(join(tmpdir(), 'packetbeat-package-'))
after(() => rmSync(home, { recursive: true, force: true }))

const execute = promisify(execFile)
const npm = (cwd: string, ...words: string[]) => execute('npm', words, { cwd, maxBuffer: 1 << 26 })

/** Packs a folder; answers the tarball. */
async function packed(folder: string): Promise<string> {
  const { stdout } = await npm(folder, 'pack', '--silent', '--ignore-scripts', '--pack-destination', home)
  return join(home, stdout.trim().split('\n').at(-1) as string)
}

/** The package with the addon where a published one has it. */
async function ownPackage(): Promise<string> {
  const tarball = await packed(repository)
  await execute('tar', ['-xzf', tarball, '-C', home])
  rmSync(tarball)
  const prebuilds = join(home, 'package/prebuilds', `${process.platform}-${process.arch}`)
  mkdirSync(prebuilds, { recursive: true })
  cpSync(addon, join(prebuilds, 'packetbeat-native.node'))
  return packed(join(home, 'package'))
}

describe('the example of a plug-in', { skip }, () => {
  const folder = join(home, 'user')

  before(async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const tarballs = [await ownPackage(), await packed(join(repository, 'examples/plugin'))]
    await npm(
      folder,
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      ...tarballs,
    )
  })

  /** Runs the command in the user's folder with this configuration. */
  async function run(configuration: string, ...words: string[]): Promise<string> {
    writeFileSync(join(folder, 'packetbeat.yml'), configuration, { mode: 0o600 })
    const line = ['packetbeat-native', ...words, '-c', 'packetbeat.yml']
    const { stdout } = await execute('npx', line, { cwd: folder, maxBuffer: 1 << 26 })
    return stdout
  }

  const PROTOCOL = 'packetbeat: { plugins: packetbeat-beanstalkd, protocols: [{ type: beanstalkd }] }\n'

  it('is installed beside the package, which is there once', () => {
    const installed = readdirSync(join(folder, 'node_modules'))
    assert.ok(installed.includes('packetbeat-beanstalkd') && installed.includes('packetbeat-native'))
    assert.ok(!existsSync(join(folder, 'node_modules/packetbeat-beanstalkd/node_modules')))
  })

  it('reads the protocol: every command of the client, with its answer', async () => {
    const all = events(await run(`${PROTOCOL}output.console.enabled: true\n`, 'run', '-I', capture))
    const told = all.map(({ type, status, query, beanstalkd }) => {
      assert.equal(type, 'beanstalkd')
      const { response } = beanstalkd as { response: string }
      return `${query} -> ${response} ${status}`
    })
    assert.deepEqual(told, [
      'use mail -> USING mail OK',
      'watch mail -> WATCHING 2 OK',
      'ignore default -> WATCHING 1 OK',
      ...[1, 2, 3, 4, 5].map((job) => `put 65536 0 5 27 -> INSERTED ${job} OK`),
      'put 65536 60 60 5000 -> INSERTED 6 OK',
      ...[1, 2].flatMap((job) => [`reserve -> RESERVED ${job} 27 OK`, `delete ${job} -> DELETED OK`]),
      'reserve -> RESERVED 3 27 OK',
      'bury 3 65536 -> BURIED OK',
      'reserve -> RESERVED 4 27 OK',
      'release 4 65536 30 -> RELEASED OK',
      'kick 10 -> KICKED 1 OK',
      'peek 5 -> FOUND 5 27 OK',
      'stats-job 5 -> OK 144 OK',
      'stats -> OK 956 OK',
      'list-tubes -> OK 21 OK',
      'peek 4711 -> NOT_FOUND Error',
      'delete 4711 -> NOT_FOUND Error',
      'reserve-job 4711 -> NOT_FOUND Error',
      'watch empty -> WATCHING 2 OK',
      'ignore mail -> WATCHING 1 OK',
      'reserve-with-timeout 1 -> TIMED_OUT Error',
    ])
    const { event } = all.at(-1) as { event: { duration: number } }
    assert.ok(event.duration >= 1e9)
  })

  it('brings events to its output, and shortens addresses', async () => {
    const { url, posts, server } = await receiver([503, 200])
    try {
      await run(
        `${PROTOCOL}processors: [{ shorten_addresses: { fields: [source.ip, related.ip] } }]\noutput.webhook.url: ${url}\n`,
        'run',
        '-I',
        capture,
      )
    } finally {
      server.close()
    }
    assert.ok(posts.length >= 2)
    const all = events(posts.slice(1).join(''))
    assert.equal(all.length, 28)
    for (const { source, client, related } of all as Record<string, { ip: unknown }>[]) {
      assert.equal(source?.ip, '127.0.0.0')
      assert.equal(client?.ip, '127.0.0.1')
      assert.deepEqual(related?.ip, ['127.0.0.0'])
    }
  })

  it('may be written in TypeScript', async () => {
    cpSync(join(import.meta.dirname, 'typed.ts'), join(folder, 'typed.ts'))
    const modules = join(repository, 'node_modules')
    const node = ['--types', 'node', '--typeRoots', join(modules, '@types')]
    const rules = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck']
    const compiler = join(modules, 'typescript/bin/tsc')
    await execute(process.execPath, [compiler, ...rules, ...node, 'typed.ts'], { cwd: folder }).catch(
      ({ stdout }) => assert.fail(stdout),
    )
  })

  it('is part of all commands', async () => {
    const both = `${PROTOCOL}output.webhook.url: http://127.0.0.1:9\n`
    assert.match(await run(both, 'test', 'config'), /OK/)
    const template = JSON.parse(await run(both, 'export', 'template'))
    const { beanstalkd } = template.template.mappings.properties
    assert.equal(beanstalkd.properties.response.type, 'keyword')
    await assert.rejects(
      run(both.replace('webhook.url', 'webhook.uri'), 'test', 'config'),
      /did you mean url\?/,
    )
  })
})

/** A server that answers requests with these states in turn, the last one again and again. */
async function receiver(states: number[]): Promise<{ url: string; posts: string[]; server: Server }> {
  const posts: string[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    posts.push(text)
    response
      .writeHead((states.length > 1 ? states.shift() : states[0]) as number, { connection: 'close' })
      .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, posts, server }
}
