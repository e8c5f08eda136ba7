import { readFileSync, writeFileSync } from 'node:fs'
import { protocols } from '../../lib/protocols/index.ts'
import { corpus } from '../support/corpus.ts'
import { tsharkCounts } from '../support/tshark.ts'

const ours = new Map<string, any>(
  JSON.parse(readFileSync('/tmp/all.json', 'utf8')).map((x: any) => [x.name, x]),
)
const usual = (n: string) => (protocols.find((p) => p.name === n) as any).ports as number[]
const list = corpus().filter(
  (c) =>
    ['http1', 'dns-udp', 'dns-tcp'].some((p) => c.protocols.has(p)) ||
    ((o) => o.hq || o.hr || o.dq || o.dr)(ours.get(c.name)),
)
console.log(list.length)
const t = Date.now()
const out: any = {}
const it = list.values()
await Promise.all(
  [1, 2].map(async () => {
    for (const c of it) {
      out[c.name] = await tsharkCounts(c.path, {
        http: [...usual('http'), ...(c.ports.http ?? [])],
        dns: [...usual('dns'), ...(c.ports.dns ?? [])],
      })
    }
  }),
)
console.log(Date.now() - t)
writeFileSync('/tmp/ts.json', JSON.stringify(out))
