import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the memory of a run small. Not called before the modules are loaded: what they make stays, and a heap that may
 * not grow is collected for nothing meanwhile.
 *
 * An event is garbage as soon as it is written. V8 takes much short-lived garbage for a reason to grow its heap: the
 * young generation to 48 MB, the old one to four times what lives in it. Kept at its size, and at twice, the same run
 * takes the same processor time and 30 MB less.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=100')
  // A young generation of a megabyte is collected in less time than it takes to wake helpers for it.
  setFlagsFromString('--no-parallel-scavenge')
}
