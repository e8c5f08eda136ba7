import { z } from 'zod'
import type { CaptureOptions as NativeOptions } from '../binding.js'
import { deviceName, FLOWS, isStream, TCP_IDLE_SECONDS, limits as usual } from '../capture/options.js'
import { BUFFER_MIB, defaultDevice, engineOf, SNAPLEN } from '../config/schema/interfaces.js'
import { abortSignal, checkOptions } from './check-options.js'

const LIVE = ['device', 'engine', 'snaplen', 'bufferBytes', 'promiscuous'] as const
const MEBIBYTE = 1024 * 1024
const LARGEST = 2 ** 31 - 1

const many = (maximum = Number.MAX_SAFE_INTEGER) => z.int().min(1).max(maximum)
const seconds = (least: number) => z.number().min(least).max(1e9)

const limits = z.strictObject({
  conversations: many(2 ** 32 - 1).default(usual.conversations),
  idleSeconds: seconds(0.001).default(TCP_IDLE_SECONDS),
  heldBytes: many().default(usual.heldBytes),
  reorderBytes: many().default(usual.reorderBytes),
  reorderSeconds: seconds(0).default(usual.reorderSeconds),
})

const flows = z.strictObject({
  timeoutSeconds: seconds(0.001).default(30),
  periodSeconds: seconds(0).default(10),
  delta: z.boolean().default(false),
  maximum: many(2 ** 32 - 1).default(FLOWS),
})

const options = z
  .strictObject({
    read: z.enum(['packets', 'segments', 'datagrams', 'flows']),
    file: z.string().min(1).optional(),
    device: z.string().min(1).optional(),
    engine: z.enum(['af_packet', 'pcap']).optional(),
    snaplen: many(LARGEST).optional(),
    bufferBytes: many().optional(),
    promiscuous: z.boolean().optional(),
    filter: z.string().min(1).optional(),
    copy: z.boolean().default(false),
    signal: abortSignal().optional(),
    ports: z.array(z.int().min(0).max(65535)).min(1).optional(),
    limits: limits.optional(),
    flows: flows.optional(),
  })
  .superRefine((given, { addIssue }) => {
    const refuse = (name: string, why: string) => addIssue({ code: 'custom', path: [name], message: why })
    if (given.file !== undefined)
      for (const name of LIVE)
        if (given[name] !== undefined) refuse(name, 'is of a live capture; leave it out to read a file')
    const streams = given.read === 'segments' || given.read === 'datagrams'
    for (const name of ['ports', 'limits'] as const)
      if (given[name] !== undefined && !streams)
        refuse(name, `is of segments and datagrams; leave it out to read ${given.read}, or use filter`)
    if (given.flows !== undefined && given.read !== 'flows')
      refuse('flows', `is of flows; leave it out to read ${given.read}`)
  })

/** The options of `capture`, known to be right. */
export type Checked = z.output<typeof options>

/** @throws {UserError} 'ERR_OPTIONS' with everything that is wrong with them. */
export const checkCaptureOptions = (given: unknown): Checked => checkOptions(options, given, 'capture')

/** What the addon is told. @throws {UserError} 'ERR_CAPTURE_DEVICE_UNKNOWN'. */
export function nativeOptions(checked: Checked): NativeOptions {
  const { read } = checked
  const { idleSeconds, ...held } = limits.parse(checked.limits ?? {})
  const transports = read === 'segments' ? (['tcp'] as const) : (['udp', 'icmp'] as const)
  const streams = read === 'segments' || read === 'datagrams'
  return {
    source: source(checked),
    packets: read === 'packets',
    protocols: streams ? [{ transports, ports: checked.ports ?? 'all', idleSeconds }] : [],
    ...(read === 'flows' ? { flows: flows.parse(checked.flows ?? {}) } : {}),
    limits: held,
  }
}

function source(checked: Checked): NativeOptions['source'] {
  const { file, ports } = checked
  const bufferBytes = checked.bufferBytes ?? BUFFER_MIB * MEBIBYTE
  const filter = checked.filter === undefined ? {} : { filter: checked.filter }
  if (file !== undefined)
    return isStream(file) ? { kind: 'stream', ...filter } : { kind: 'file', path: file, ...filter }
  return {
    kind: 'live',
    device: deviceName(checked.device ?? defaultDevice),
    engine: engineOf(checked.engine),
    // A ring has room for some packets at least, so that a small one keeps less of each.
    snaplen: checked.snaplen ?? Math.min(SNAPLEN, Math.max(1, Math.floor(bufferBytes / 4))),
    bufferBytes,
    promiscuous: checked.promiscuous ?? false,
    portFilter: ports !== undefined,
    vlans: true,
    ...filter,
  }
}
