import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byHand } from './differences-by-hand.js'

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
${byHand}`
}

function subjects(deviations: Deviation[], reason: string): string {
  const fields = deviations
    .filter((deviation) => deviation.reason === reason)
    .flatMap(({ field }) => field ?? [])
  const names = [...new Set(fields)].filter((field) => field !== '*')
  return names.length > 0 ? `${names.map((name) => `\`${name}\``).join(', ')}: ` : ''
}
