import { type Page, text } from './chart.js'
import { memcache, redis } from './pages/caches.js'
import { cassandra, mongodb, mysql, pgsql } from './pages/databases.js'
import { http } from './pages/http.js'
import { amqp, nfs, thrift } from './pages/messages.js'
import { dhcpv4, dns, tunneling } from './pages/names.js'
import { flows, overview } from './pages/overview.js'
import { icmp, sip, tls } from './pages/sessions.js'
import { dashboardId, dashboardObjects, dataView, type SavedObject } from './saved-objects.js'

const sections: readonly (readonly [string, readonly Page[]])[] = [
  ['', [overview, flows]],
  ['Names and addresses', [dns, tunneling, dhcpv4, icmp]],
  ['Web and sessions', [http, tls, sip]],
  ['Databases', [mysql, pgsql, mongodb, cassandra]],
  ['Caches', [redis, memcache]],
  ['Messages, calls, files', [amqp, thrift, nfs]],
]

/** All dashboards, each with the way to the others at its top. */
export const pages: readonly Page[] = sections.flatMap(([, list]) => list).map(withNavigation)

function withNavigation(page: Page): Page {
  const lines = sections.map(([name, list]) => {
    const links = list.map(({ id, title }) =>
      id === page.id ? `**${title}**` : `[${title}](#/view/${dashboardId({ id })})`,
    )
    return `${name === '' ? '' : `${name}: `}${links.join(' · ')}`
  })
  return { ...page, panels: [text('Navigation', lines.join('  \n'), 48, 5), ...page.panels] }
}

/** Everything Kibana needs for the dashboards, each object after those it refers to. `index`: what they read. */
export const savedObjects = (index: string, wanted: readonly Page[] = pages): SavedObject[] => [
  dataView(index),
  ...wanted.flatMap((page) => dashboardObjects(page, index)),
]

/** One object a line, as Kibana imports and exports them. */
export const ndjson = (objects: readonly unknown[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('')
