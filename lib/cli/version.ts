import { packageVersion } from '../package.js'
import type { Command } from './command.js'

export const version: Command = {
  name: 'version',
  title: 'Print the version of this program and of what it works with.',
  async execute(_flags, _words, io) {
    const { arch, platform, version: node } = process
    io.stdout.write(
      `packetbeat-native ${packageVersion} (${platform} ${arch}), Node.js ${node}, ${await libpcap()}\n`,
    )
    return 0
  },
}

async function libpcap(): Promise<string> {
  try {
    // Loaded only here: without an addon there is a version all the same.
    const { binding } = await import('../binding.js')
    return binding.libpcapVersion() ?? 'no libpcap'
  } catch {
    return 'no compiled addon'
  }
}
