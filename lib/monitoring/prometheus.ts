import { isGauge, type Source } from './source.js'

/** Of the exposition format, version 0.0.4. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

interface Family {
  type: 'counter' | 'gauge'
  samples: string[]
}

/**
 * All counters as Prometheus reads them. What every protocol counts is one metric with a label; everything else is
 * called as in docs/metrics.md, with `_` for dots.
 */
export function prometheusText(source: Source, protocols: ReadonlySet<string>): string {
  const families = new Map<string, Family>()
  const add = (name: string, gauge: boolean, labels: string, value: number) => {
    const full = `packetbeat_${name.replace(/[^\w]/g, '_')}${gauge ? '' : '_total'}`
    const family = families.get(full) ?? { type: gauge ? 'gauge' : 'counter', samples: [] }
    families.set(full, family)
    family.samples.push(`${full}${labels} ${value}`)
  }
  const { name, version } = source.identity
  add(
    'info',
    true,
    `{name="${escaped(name)}",version="${escaped(version)}",output="${escaped(source.output)}"}`,
    1,
  )
  add('start_time_seconds', true, '', source.started / 1000)
  const { user, system } = process.cpuUsage()
  add('process_cpu_seconds', false, '', (user + system) / 1e6)
  add('process_resident_memory_bytes', true, '', process.memoryUsage.rss())
  for (const [counter, value] of Object.entries(source.counters())) {
    const dot = counter.indexOf('.')
    const first = counter.slice(0, dot)
    if (protocols.has(first))
      add(`protocol_${counter.slice(dot + 1)}`, isGauge(counter), `{protocol="${first}"}`, value)
    else add(counter, isGauge(counter), '', value)
  }
  return [...families]
    .map(([full, { type, samples }]) => `# TYPE ${full} ${type}\n${samples.join('\n')}\n`)
    .join('')
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
