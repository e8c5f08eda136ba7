import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Network } from '../../test/live/support/network.js'
import type { Part } from '../library.bench.js'
import { median } from '../measured.js'
import { otherLibraries } from './others.js'
import type { Told } from './reader.js'
import { writeTraffic } from './traffic.js'

const OURS = 'packetbeat-native'
/** Of their processor time, what ours may take for a packet. */
const TARGET = 0.2
/** How long a replay lasts, unless it is at top speed. */
const SECONDS = 8

const reader = (library: string, mode: 'file' | 'live', target: string, folder: string): string[] => [
  process.execPath,
  ...['--import', 'tsx', join(import.meta.dirname, 'reader.ts'), library, mode, target, folder],
]

export const captureBench: Part = async ({ pairs, packets, rates }) => {
  const folder = otherLibraries()
  const work = mkdtempSync(join(tmpdir(), 'library-bench-'))
  try {
    const traffic = join(work, 'traffic.pcap')
    const mean = writeTraffic(traffic, packets)
    console.log(`${packets} packets of ${mean.toFixed(0)} bytes, each with its addresses and ports read`)
    const problems = ofFile(traffic, folder, pairs)
    const lacking = liveLacks()
    if (lacking !== undefined) return [...problems, `live is left out: it needs ${lacking}`]
    return [...problems, ...(await live(traffic, folder, pairs, rates, packets))]
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** Runs in turn, so that both have the same machine. */
function ofFile(traffic: string, folder: string, pairs: number): string[] {
  const run = (library: string): Told => {
    const [command, ...arguments_] = reader(library, 'file', traffic, folder) as [string, ...string[]]
    const { stdout, stderr, status } = spawnSync(command, arguments_, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${library}: ${stderr}`)
    return JSON.parse(stdout) as Told
  }
  const costs: [number, number][] = []
  for (let pair = 0; pair < pairs; pair++) {
    const [ours, theirs] = [run(OURS), run('pcap')]
    alike(ours, theirs, 'pcap')
    costs.push([ours.cpu, theirs.cpu])
  }
  return compared('file', 'pcap', costs)
}

/** A comparison is one only where both have read the same. */
function alike({ cpu: _, ...ours }: Told, { cpu: __, ...theirs }: Told, name: string): void {
  if (JSON.stringify(ours) !== JSON.stringify(theirs))
    throw new Error(`${name} reads ${JSON.stringify(theirs)}, and we ${JSON.stringify(ours)}`)
}

/** `costs`: microseconds for a packet, ours and theirs. */
function compared(where: string, name: string, costs: readonly [number, number][]): string[] {
  const ratios = costs.map(([ours, theirs]) => ours / theirs)
  const of = (side: 0 | 1) => median(costs.map((pair) => pair[side])).toFixed(3)
  const ratio = median(ratios)
  console.log(
    `${where}: ${of(0)} µs of CPU per packet, ${name} ${of(1)}: ${ratio.toFixed(3)} of it ` +
      `(${ratios[0]?.toFixed(3)}-${ratios.at(-1)?.toFixed(3)} in ${costs.length} pairs)`,
  )
  return ratio > TARGET ? [`${where}: ${ratio.toFixed(3)} of the CPU of ${name}, not ${TARGET}`] : []
}

function liveLacks(): string | undefined {
  if (process.platform !== 'linux') return 'Linux'
  if (process.getuid?.() !== 0) return 'root'
  return ['ip', 'ethtool', 'tcpreplay'].find(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  )
}

async function live(
  traffic: string,
  folder: string,
  pairs: number,
  rates: string[],
  all: number,
): Promise<string[]> {
  const network = new Network('veth')
  const problems: string[] = []
  try {
    for (const rate of rates) {
      const packets = rate === 'topspeed' ? all : Math.min(all, Number(rate) * SECONDS)
      const costs: Record<string, [number, number][]> = { cap: [], pcap: [] }
      const lost: Record<string, number[]> = { [OURS]: [], cap: [], pcap: [] }
      for (let pair = 0; pair < pairs; pair++) {
        const told: Record<string, Told> = {}
        for (const library of Object.keys(lost)) {
          const command = reader(library, 'live', network.device, folder)
          const read = await replayed(network, command, traffic, rate, packets)
          told[library] = read
          lost[library]?.push(packets - read.packets)
        }
        for (const [name, pairs_] of Object.entries(costs))
          pairs_.push([told[OURS]?.cpu ?? Number.NaN, told[name]?.cpu ?? Number.NaN])
      }
      for (const [name, pairs_] of Object.entries(costs))
        problems.push(...compared(`live, ${rate}`, name, pairs_))
      const losses = Object.entries(lost).map(([name, each]) => [name, median(each)] as const)
      console.log(
        `live, ${rate}: lost of ${packets}: ${losses.map(([name, each]) => `${name} ${each}`).join(', ')}`,
      )
      const [[, ours], ...others] = losses as [readonly [string, number], ...(readonly [string, number])[]]
      // Where all of them lose, the replay has taken the whole machine.
      if (ours > 0 && others.some(([, theirs]) => theirs <= ours))
        problems.push(`live, ${rate}: ${ours} packets were lost, more than by another library`)
    }
  } finally {
    network.remove()
  }
  return problems
}

/** Sends the capture to the reader, which hears it at the other end. */
async function replayed(
  network: Network,
  command: string[],
  traffic: string,
  rate: string,
  packets: number,
): Promise<Told> {
  const child = spawn('ip', ['netns', 'exec', network.server, ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let out = ''
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out.startsWith('ready\n')) resolve()
    })
    child.on('close', (status) => reject(new Error(`the reader ended with status ${status}`)))
  })
  await ready
  await sleep(300)
  const speed = rate === 'topspeed' ? '--topspeed' : `--pps=${rate}`
  const replay = ['tcpreplay', '-q', '--preload-pcap', speed, `--limit=${packets}`, '-i', 'client0', traffic]
  const sender = spawn('ip', ['netns', 'exec', network.client, ...replay], { stdio: 'ignore' })
  const status = await new Promise((resolve) => sender.on('close', resolve))
  if (status !== 0) throw new Error(`${replay.join(' ')} ended with status ${status}`)
  await sleep(1500) // what is in its buffer
  child.stdin.end()
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(out.slice('ready\n'.length)) as Told
}
