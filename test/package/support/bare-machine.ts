import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Ended } from '../../support/command.js'

/** Why tests on a bare machine are skipped; false: it can be had. */
export const noBareMachine: string | false =
  process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux, to change the root'

/**
 * A machine with Node.js, npm, a shell and nothing else: a root file system of its own, without compiler, libpcap or
 * network. What `folder` holds is in its `/work`.
 */
export class BareMachine {
  readonly #root = mkdtempSync(join(tmpdir(), 'packetbeat-bare-'))
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    chmodSync(this.#root, 0o755)
    process.on('exit', () => rmSync(this.#root, { recursive: true, force: true }))
    for (const each of ['dev', 'proc', 'tmp', 'work', 'usr/bin', 'bin', 'etc', 'usr/lib/npm'])
      mkdirSync(join(this.#root, each), { recursive: true })
    writeFileSync(
      join(this.#root, 'etc/passwd'),
      'root:x:0:0::/tmp:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n',
    )
    for (const [program, place] of [
      [process.execPath, 'usr/bin/node'],
      ['/usr/bin/env', 'usr/bin/env'],
      ['/bin/sh', 'bin/sh'],
    ] as const) {
      cpSync(realpathSync(program), join(this.#root, place))
      for (const library of librariesOf(program))
        cpSync(realpathSync(library), join(this.#root, library), { recursive: true })
    }
    cpSync(npmFolder(), join(this.#root, 'usr/lib/npm'), { recursive: true })
    for (const name of ['npm', 'npx'])
      symlinkSync(`../lib/npm/bin/${name}-cli.js`, join(this.#root, 'usr/bin', name))
  }

  /** Runs a line of the shell there, in `/work`; as somebody without rights unless as root. */
  shell(line: string, user: 'root' | 'nobody' = 'nobody'): Ended {
    const id = user === 'root' ? 0 : 65534
    const outside = `
      mount --bind /dev "$ROOT/dev" && mount --bind /proc "$ROOT/proc" && mount --bind "$FOLDER" "$ROOT/work" &&
      exec chroot --userspec=${id}:${id} "$ROOT" /bin/sh -c "$LINE"`
    const { status, stdout, stderr, error } = spawnSync(
      'unshare',
      ['--mount', '--net', 'sh', '-c', outside],
      {
        encoding: 'utf8',
        timeout: 120_000,
        killSignal: 'SIGKILL',
        env: {
          PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
          HOME: '/tmp',
          npm_config_update_notifier: 'false',
          ROOT: this.#root,
          FOLDER: this.#folder,
          LINE: `cd /work && ${line}`,
        },
      },
    )
    if (error !== undefined) throw error
    return { status, stdout, stderr }
  }
}

/** Paths of the shared libraries that a program is linked with. */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' })
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string)
}

function npmFolder(): string {
  const { stdout } = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' })
  return dirname(dirname(realpathSync(stdout.trim())))
}
