import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Deviation {
  type?: string
  field?: string
  event?: string
  reason: string
}

/** docs/differences.md, from the deviations that the conformance tests accept. */
export function differencesMarkdown(folder: string): string {
  const deviations = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Deviation[],
  )
  const types = [...new Set(deviations.map(({ type }) => type ?? 'all events'))].sort()
  const sections = types.map((type) => {
    const own = deviations.filter((deviation) => (deviation.type ?? 'all events') === type)
    const reasons = [...new Set(own.map(({ reason }) => reason))]
    return `## ${type}\n\n${reasons.map((reason) => `- ${subjects(own, reason)}${reason}`).join('\n')}\n`
  })
  return `# Differences from Packetbeat

Everything else is the same, event by event and field by field: the conformance suite compares what both make of the same captures
and configurations. What follows is all that differs, and why. It is written from \`test/conformance/deviations\`, the lists that
the suite checks.

${sections.join('\n')}
## Configuration

- An option that nobody knows is an error that names what was meant. Packetbeat ignores it.
- A port that two protocols of one transport ask for, a protocol or processor that there is not, a name in \`internal_networks\` that
  is none, and a second enabled output are errors at start.
- \`with_vlans\` is true unless it is configured: tagged traffic is watched too.
- \`buffer_size_mb\` is 64 unless it is configured, where Packetbeat has 24: half a second of 250,000 packets a second, the time a busy
  machine may take to get round to reading them.
- A protocol without \`ports\` has its usual ones.

## Command

- \`-I FILE\` reads at top speed and keeps the recorded times; \`-t\` is accepted and changes nothing. \`--realtime\` replays at the recorded pace,
  stamped with the current time, as Packetbeat does without \`-t\`.
- With no output configured, events go to the terminal. With no configuration file, every protocol is watched on its usual ports.
- Exit codes tell failures apart (\`packetbeat-native help\`).
- At the end of a file and at a signal everything read is decoded, paired, written and acknowledged; \`shutdown_timeout\` bounds that
  time and is never waited for.
`
}

function subjects(deviations: Deviation[], reason: string): string {
  const fields = deviations
    .filter((deviation) => deviation.reason === reason)
    .flatMap(({ field }) => field ?? [])
  const names = [...new Set(fields)].filter((field) => field !== '*')
  return names.length > 0 ? `${names.map((name) => `\`${name}\``).join(', ')}: ` : ''
}
