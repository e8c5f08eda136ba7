import { writeFileSync } from 'node:fs'
import { analyse } from '../support/analyse.ts'
import { corpus } from '../support/corpus.ts'

const out: any[] = []
const t0 = Date.now()
const ev = 0
for (const c of corpus()) {
  const t = Date.now()
  let hq = 0,
    hr = 0,
    dq = 0,
    dr = 0,
    n = 0
  const a = await analyse(c.path, {
    ports: c.ports,
    event(e: any) {
      n++
      if (e.type === 'http') {
        if (e.http?.request?.method !== undefined) hq++
        if (e.http?.response?.status_code !== undefined) hr++
      }
      if (e.type === 'dns') {
        if (e.event.start !== undefined) dq++
        if (e.dns?.type === 'answer') dr++
      }
    },
  })
  out.push({
    name: c.name,
    ms: Date.now() - t,
    n,
    code: a.failure?.code,
    message: a.failure?.message,
    defects: a.defects,
    counters: a.counters,
    hq,
    hr,
    dq,
    dr,
    odd: c.odd,
    link: c.linkType,
    packets: c.packets,
  })
}
console.log(Date.now() - t0, process.memoryUsage.rss() / 1e6, process.resourceUsage().maxRSS / 1e3)
writeFileSync('/tmp/all.json', JSON.stringify(out))
