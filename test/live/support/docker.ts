import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { undone } from './cleanup.js'
import { folder } from './folder.js'
import { path } from './needs.js'
import { until } from './processes.js'

export interface Daemon {
  /** As add_docker_metadata is told. */
  host: string
  /** Calls the client; returns what it wrote, without the line's end. */
  docker(...words: string[]): string
  stop(): void
}

/** The image that is there, with a shell and little else. */
export const IMAGE = 'shop/web:1.0'

const env = { ...process.env, PATH: path }

/** Docker with a folder of its own and no network of its own: it changes nothing else on this machine. */
export async function dockerd(): Promise<Daemon> {
  const home = folder()
  const at = (name: string) => join(home, name)
  const host = `unix://${at('docker.sock')}`
  const words = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', host]
  const apart = ['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=vfs']
  const child = spawn('dockerd', [...words, ...apart], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const docker = (...command: string[]) =>
    execFileSync('docker', ['-H', host, ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trim()
  const stop = undone(() => {
    if (child.exitCode !== null) return
    const running = docker('ps', '-q').split('\n').filter(Boolean)
    if (running.length > 0) docker('rm', '-f', ...running)
    child.kill('SIGTERM')
    // It ends containerd, too, which takes a moment; nobody may wait for events here.
    for (let tries = 0; tries < 100 && existsSync(at('pid')); tries++) execFileSync('sleep', ['0.05'])
  })
  await until('dockerd to answer', () => {
    if (child.exitCode !== null) throw new Error(`dockerd ended: ${said}`)
    return existsSync(at('docker.sock')) && said.includes('API listen on')
  })
  mkdirSync(at('image/bin'), { recursive: true })
  copyFileSync('/bin/busybox', at('image/bin/busybox'))
  execFileSync('tar', ['-C', at('image'), '-cf', at('image.tar'), 'bin'])
  docker('import', at('image.tar'), IMAGE)
  return { host, docker, stop }
}
