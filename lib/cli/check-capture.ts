import type { Settings } from '../config/settings.js'
import { UserError } from '../errors.js'

/** What is known of the machine that captures. */
export interface Machine {
  devices(): readonly { name: string }[]
  /** @throws {Error} with a code of lib/errors.ts. */
  checkFilter(expression: string): void
}

/**
 * Checks what can be known before capturing: numbers of devices, and filter expressions. Names of devices are not
 * looked up: they may belong to another machine, or come later.
 * @throws {UserError} 'ERR_CAPTURE_DEVICE_UNKNOWN', 'ERR_CAPTURE_FILTER' or 'ERR_CAPTURE_NO_LIBPCAP'.
 */
export async function checkCapture(
  { interfaces }: Pick<Settings, 'interfaces'>,
  machine: () => Promise<Machine> = async () => (await import('../binding.js')).binding,
): Promise<void> {
  for (const { device, bpf_filter, file } of interfaces) {
    if (file !== undefined) continue
    if (/^\d+$/.test(device)) {
      const known = (await machine()).devices().length
      if (Number(device) >= known)
        throw new UserError(
          'ERR_CAPTURE_DEVICE_UNKNOWN',
          `there is no device number ${device}; \`packetbeat-native devices\` lists ${known}, from 0.`,
        )
    }
    if (bpf_filter !== undefined) (await machine()).checkFilter(bpf_filter)
  }
}
