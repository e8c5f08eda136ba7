import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Finding } from '../../lib/doctor/finding.js'
import { folder } from './support/folder.js'
import { cli, lacking } from './support/needs.js'
import { Network, write } from './support/network.js'
import { call, start, until } from './support/processes.js'

interface Examined {
  status: number
  findings: Finding[]
}

type Section = Readonly<Record<string, unknown>>

describe('doctor', { skip: lacking('setpriv', 'ethtool', 'unshare') }, () => {
  let network: Network
  before(() => {
    network = new Network('veth')
  })
  after(() => network?.remove())

  const configured = (home: string, packetbeat: Section = {}, more: Section = {}) =>
    write(
      join(home, 'packetbeat.yml'),
      JSON.stringify({
        packetbeat: { interfaces: { device: 'server0' }, protocols: [{ type: 'dns' }], ...packetbeat },
        output: { file: { path: join(home, 'events') } },
        path: { data: join(home, 'data'), logs: join(home, 'logs') },
        ...more,
      }),
    )
  const doctor = [process.execPath, cli, 'doctor', '--json', '--strict.perms=false']
  const examine = async (file: string, before: readonly string[] = []): Promise<Examined> => {
    const running = start(network.server, [...before, ...doctor, '-c', file])
    const status = await running.ended
    equal(running.stderr(), '')
    return { status, findings: JSON.parse(running.stdout()) }
  }
  const problems = ({ findings }: Examined) => findings.filter(({ level }) => level === 'problem')
  const of = ({ findings }: Examined, subject: string) => findings.filter((each) => each.subject === subject)
  /** Does what the only problem asks for, and sees that it is gone. */
  const mended = async (file: string, examined: Examined): Promise<void> => {
    const [problem, ...others] = problems(examined)
    deepEqual(others, [])
    await call(network.server, ['sh', '-c', (problem?.command ?? '').replaceAll('sudo ', '')])
    deepEqual(await examine(file).then(({ status, ...more }) => [status, problems({ status, ...more })]), [
      0,
      [],
    ])
  }
  /** Words that run a command where something was mounted before. */
  const where = (mount: string): string[] => ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$0" "$@"`]

  test('finds no problem where there is none, and changes nothing', async () => {
    const home = folder()
    const file = configured(home)
    const listed = () => execFileSync('ls', ['-lR', '--full-time', home]).toString()
    const before = listed()
    const examined = await examine(file)
    deepEqual([examined.status, problems(examined)], [0, []])
    const subjects = ['node', 'open files', 'addon', 'clock', 'libpcap', 'configuration', 'rights']
    const more = ['device server0', 'offloads', 'data', 'log', 'output.file', 'memory']
    for (const subject of [...subjects, ...more]) equal(of(examined, subject).length, 1, subject)
    match(of(examined, 'addon')[0]?.message ?? '', /built.*, \/.*\.node$/)
    equal(listed(), before)
  })

  test('the command for a device that is down mends it', async () => {
    const file = configured(folder())
    network.down('server0')
    const examined = await examine(file)
    equal(examined.status, 5)
    equal(of(examined, 'device server0')[0]?.command, 'sudo ip link set server0 up')
    await mended(file, examined)
  })

  test('the command for offloads that join what snaplen cuts mends it', async () => {
    const file = configured(folder(), { interfaces: { device: 'server0', snaplen: 1514 } })
    equal((await examine(file)).status, 0)
    await call(network.server, ['ethtool', '-K', 'server0', 'gro', 'on', 'tso', 'on'])
    const examined = await examine(file)
    equal(examined.status, 3)
    match(
      problems(examined)[0]?.message ?? '',
      /server0: gro, tso on, .* 65549 bytes, and snaplen keeps 1514/,
    )
    await mended(file, examined)
  })

  test('the setting for packets that snaplen cuts mends it', async () => {
    const home = folder()
    const cut = await examine(configured(home, { interfaces: { device: 'server0', snaplen: 500 } }))
    equal(cut.status, 3)
    equal(of(cut, 'snaplen')[0]?.setting, 'packetbeat.interfaces.snaplen: 1514')
    equal((await examine(configured(home, { interfaces: { device: 'server0', snaplen: 1514 } }))).status, 0)
  })

  test('a device that is not there, among those that are', async () => {
    const examined = await examine(configured(folder(), { interfaces: { device: 'eth7' } }))
    equal(examined.status, 5)
    match(of(examined, 'device eth7')[0]?.message ?? '', /this machine has lo, server0/)
  })

  test('rights that are missing, and those that are enough', async () => {
    const home = folder()
    const file = configured(home, {
      procs: { enabled: true },
      interfaces: { device: 'server0', auto_promisc_mode: true },
    })
    const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
    const without = await examine(file, nobody)
    equal(without.status, 4)
    deepEqual(
      problems(without).map(({ message, command }) => [/CAP_\w+/.exec(message)?.[0], command?.split('=')[0]]),
      ['CAP_NET_RAW', 'CAP_NET_ADMIN'].map((name) => [
        name,
        `sudo setcap cap_net_raw,cap_net_admin+eip ${execFileSync('readlink', ['-f', process.execPath]).toString().trim()}`,
      ]),
    )
    const ambient = ['--inh-caps=+net_raw,+net_admin', '--ambient-caps=+net_raw,+net_admin']
    const enough = await examine(file, [...nobody, ...ambient])
    deepEqual([enough.status, problems(enough)], [0, []])
    match(of(enough, 'processes')[0]?.message ?? '', /need CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH/)
    const contained = await examine(file, ['setpriv', '--bounding-set=-net_raw'])
    equal(contained.status, 4)
    match(problems(contained)[0]?.command ?? '', /--cap-add NET_RAW/)
  })

  test('a user to become, and what it will not see', async () => {
    const file = configured(folder(), { run_as: '64322:64323', procs: { enabled: true } })
    const examined = await examine(file)
    deepEqual([examined.status, problems(examined)], [0, []])
    ok(of(examined, 'rights').some(({ message }) => message.includes('then 64322:64323')))
    match(of(examined, 'processes')[0]?.message ?? '', /as 64322:64323 .* no processes of other users/)
    const unknown = await examine(configured(folder(), { run_as: 'nobody-here' }))
    equal(unknown.status, 3)
    match(
      of(unknown, 'configuration')[0]?.message ?? '',
      /packetbeat\.yml:1: .*whom this machine does not know/,
    )
  })

  test('a disk that is full, and one that is too small for the queue', async () => {
    const home = folder()
    mkdirSync(join(home, 'data'))
    const full = await examine(
      configured(home),
      where(`mount -t tmpfs -o size=1m tmpfs ${join(home, 'data')}`),
    )
    equal(full.status, 6)
    match(of(full, 'data')[0]?.message ?? '', /is full: 1 MB are free/)
    const small = await examine(
      configured(home, {}, { queue: { disk: { max_size: '1GB' } } }),
      where(`mount -t tmpfs -o size=100m tmpfs ${join(home, 'data')}`),
    )
    equal(small.status, 3)
    equal(problems(small)[0]?.setting, 'queue.disk.max_size: 104MB')
  })

  test('rings that are larger than the memory', async () => {
    const interfaces = { device: 'server0', buffer_size_mb: 2 ** 30 }
    const examined = await examine(configured(folder(), { interfaces }))
    equal(examined.status, 5)
    match(of(examined, 'memory')[0]?.message ?? '', /the rings take 1073741824 MiB .* free/)
  })

  test('libpcap that is not there counts where it is needed', async () => {
    const hidden = where(
      'for file in /usr/lib/*/libpcap.so* /lib/*/libpcap.so* /usr/lib/libpcap.so*; do [ ! -f "$file" ] || mount --bind /dev/null "$file" || exit 1; done',
    )
    const unneeded = await examine(configured(folder()), hidden)
    deepEqual([unneeded.status, problems(unneeded)], [0, []])
    match(of(unneeded, 'libpcap')[0]?.message ?? '', /there is none, and this configuration needs none/)
    const needed = await examine(
      configured(folder(), { interfaces: { device: 'server0', type: 'pcap', bpf_filter: 'udp' } }),
      hidden,
    )
    equal(needed.status, 5)
    match(of(needed, 'libpcap')[0]?.message ?? '', /type: pcap and bpf_filter needs it/)
    match(of(needed, 'libpcap')[0]?.command ?? '', /^sudo apt install libpcap0\.8/)
  })

  test('an output that refuses, and one that never answers', async () => {
    const home = folder()
    const output = (port: number) => ({ elasticsearch: { hosts: [`http://127.0.0.1:${port}`] } })
    const refusing = await examine(configured(home, {}, { output: output(9) }))
    equal(refusing.status, 6)
    match(problems(refusing)[0]?.message ?? '', /dial up: connect ECONNREFUSED/)
    equal(problems(refusing)[0]?.command, `packetbeat-native test output -c ${join(home, 'packetbeat.yml')}`)
    const silent = start(network.server, [
      process.execPath,
      '-e',
      "require('net').createServer(() => {}).listen(9200, () => console.log('listening'))",
    ])
    await until('a server', () => silent.stdout() !== '')
    const began = performance.now()
    const late = await examine(configured(home, {}, { output: output(9200) }))
    ok(performance.now() - began < 15_000)
    await silent.stop()
    equal(late.status, 6)
    match(problems(late)[0]?.message ?? '', /talk to server: no answer in 5 s/)
  })

  test('a packetbeat that runs already has the data folder and the endpoint; another program only the port', async () => {
    const home = folder()
    const file = configured(home, {}, { http: { enabled: true } })
    const running = start(network.server, [
      process.execPath,
      cli,
      'run',
      '-e',
      '-c',
      file,
      '--strict.perms=false',
    ])
    await until('a capture', () => running.stderr().includes('capturing on'))
    const examined = await examine(file)
    deepEqual([examined.status, problems(examined)], [0, []])
    ok(of(examined, 'data').some(({ message }) => message.includes(`in use by process ${running.pid},`)))
    match(of(examined, 'endpoint')[0]?.message ?? '', /in use by a packetbeat that runs already/)
    equal(await running.stop(), 0)
    const other = start(network.server, [
      process.execPath,
      '-e',
      "require('http').createServer((_, to) => to.end('hello')).listen(5066, 'localhost', () => console.log('listening'))",
    ])
    await until('a server', () => other.stdout() !== '')
    const taken = await examine(file)
    await other.stop()
    equal(taken.status, 3)
    match(of(taken, 'endpoint')[0]?.message ?? '', /in use by another program/)
  })
})
