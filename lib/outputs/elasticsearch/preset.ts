import { SECOND } from '../../options/duration.js'
import type { Options } from './options.js'

export const presetNames = ['balanced', 'throughput', 'scale', 'latency', 'custom'] as const
type Preset = Exclude<(typeof presetNames)[number], 'custom'>

interface Tuning {
  bulk_max_size: number
  worker: number
  idle_connection_timeout: number
  queue: { events: number; flush: { min_events: number; timeout: number } }
}

const tuning = (
  bulk_max_size: number,
  worker: number,
  idle: number,
  events: number,
  min_events: number,
  timeout: number,
): Tuning => ({
  bulk_max_size,
  worker,
  idle_connection_timeout: idle * SECOND,
  queue: { events, flush: { min_events, timeout: timeout * SECOND } },
})

/** As upstream: what each of them is good for is in its name. */
const presets: Readonly<Record<Preset, Tuning>> = {
  balanced: tuning(1600, 1, 3, 3200, 1600, 10),
  throughput: tuning(1600, 4, 15, 12_800, 1600, 5),
  scale: tuning(1600, 1, 1, 3200, 1600, 20),
  latency: tuning(50, 1, 60, 4100, 2050, 1),
}

/** The options with those of the preset over them, and the queue that belongs to it. */
export function tuned(options: Options): { options: Options; queue?: Tuning['queue'] } {
  const { preset = 'custom' } = options
  if (preset === 'custom') return { options }
  const { queue, ...over } = presets[preset]
  const { workers: _, ...rest } = options
  return { options: { ...rest, ...over, compression_level: 1 }, queue }
}
