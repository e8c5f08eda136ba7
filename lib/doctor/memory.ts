import { freemem } from 'node:os'
import type { Settings } from '../config/settings.js'
import { live } from './examination.js'
import { type Finding, type Mend, note, ok, problem } from './finding.js'

const MIB = 2 ** 20
// Of a run without its rings: what it has at the start, and as much again for a burst and a few times the events of a queue.
const PROGRAM = 128 * MIB

/**
 * Whether there is room for the rings. The kernel has them in memory of its own, which neither a limit of locked memory
 * (ulimit -l) nor of a control group counts.
 */
export function memory(settings: Settings): Finding[] {
  const rings = live(settings).reduce((sum, { buffer_size_mb }) => sum + buffer_size_mb * MIB, 0)
  const available = freemem()
  const findings: Finding[] = []
  if (rings > 0) {
    const what = `the rings take ${mib(rings)} MiB (buffer_size_mb) of ${mib(available)} MiB that this machine has free`
    const smaller: Mend = { setting: 'packetbeat.interfaces.buffer_size_mb: 16' }
    findings.push(
      rings > available
        ? problem('device', 'memory', what, smaller)
        : rings > available / 2
          ? note('memory', what, smaller)
          : ok('memory', what),
    )
  }
  const limit = process.constrainedMemory()
  if (limit > 0 && limit < PROGRAM)
    findings.push(
      note(
        'memory',
        `this control group has ${mib(limit)} MiB, and the program should have ${mib(PROGRAM)}; the kernel ends what takes more`,
        { command: `docker run --memory ${mib(PROGRAM)}m …` },
      ),
    )
  return findings
}

const mib = (bytes: number): number => Math.round(bytes / MIB)
