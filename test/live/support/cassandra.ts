import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Done } from '../clients/cassandra.js'
import { cached, jars, run } from './cache.js'
import { folder } from './folder.js'
import { root } from './needs.js'
import { type Network, write } from './network.js'
import { start, until } from './processes.js'

// Cassandra uses parts of the JDK that Java 17 opens to nobody who does not ask.
const opened = `java.base/java.io java.base/java.lang java.base/java.lang.module java.base/java.lang.reflect
  java.base/java.math java.base/java.net java.base/java.nio java.base/java.util java.base/java.util.concurrent
  java.base/java.util.concurrent.atomic java.base/jdk.internal.loader java.base/jdk.internal.math
  java.base/jdk.internal.misc java.base/jdk.internal.module java.base/jdk.internal.ref
  java.base/jdk.internal.reflect java.base/jdk.internal.util java.base/jdk.internal.util.jar
  java.base/sun.nio.ch jdk.management/com.sun.management.internal`.split(/\s+/)
const exported = `java.base/jdk.internal.misc java.management.rmi/com.sun.jmx.remote.internal.rmi
  java.management/com.sun.jmx.remote.security java.rmi/sun.rmi.registry java.rmi/sun.rmi.server
  java.rmi/sun.rmi.transport.tcp`.split(/\s+/)

// Java and Cassandra start at their leisure, on a machine with others all the more.
const START = 120_000

/** What it runs on; the first time Maven fetches it. */
export const cassandraJars = () => jars('cassandra-5.0.4', join(root, 'test/live/servers/cassandra/pom.xml'))

/** Starts a cluster of one node that wants its clients to log in. */
export async function cassandra(network: Network): Promise<void> {
  const libraries = await cassandraJars()
  const home = folder()
  const data = (name: string) => join(home, name)
  // JSON is YAML.
  const config = JSON.stringify({
    cluster_name: 'live',
    num_tokens: 1,
    partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
    endpoint_snitch: 'SimpleSnitch',
    seed_provider: [
      {
        class_name: 'org.apache.cassandra.locator.SimpleSeedProvider',
        parameters: [{ seeds: '127.0.0.1:7000' }],
      },
    ],
    listen_address: '127.0.0.1',
    rpc_address: network.ip4,
    start_native_transport: true,
    native_transport_port: 9042,
    data_file_directories: [data('data')],
    commitlog_directory: data('commitlog'),
    saved_caches_directory: data('saved_caches'),
    hints_directory: data('hints'),
    cdc_raw_directory: data('cdc'),
    commitlog_sync: 'periodic',
    commitlog_sync_period: '10s',
    concurrent_reads: 4,
    concurrent_writes: 4,
    memtable_heap_space: '64MiB',
    memtable_offheap_space: '64MiB',
    authenticator: 'PasswordAuthenticator',
    authorizer: 'AllowAllAuthorizer',
    user_defined_functions_enabled: true,
    // The batches of the tests are large enough to be warned of, and none is refused.
    batch_size_warn_threshold: '1KiB',
    batch_size_fail_threshold: '100KiB',
  })
  mkdirSync(data('data'), { recursive: true })
  const yaml = write(data('cassandra.yaml'), config)
  const logging = write(
    data('logback.xml'),
    `<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%msg%n</pattern></encoder></appender>
  <logger name="org.apache.cassandra.auth.CassandraRoleManager" level="INFO"/>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
`,
  )
  const agent = readdirSync(libraries).find((name) => name.startsWith('jamm-')) as string
  const properties = {
    'logback.configurationFile': logging,
    'cassandra.config': `file://${yaml}`,
    'cassandra.storagedir': home,
    // A cluster of one has nobody to wait for.
    'cassandra.skip_wait_for_gossip_to_settle': 0,
    'cassandra.ring_delay_ms': 1,
    'cassandra.superuser_setup_delay_ms': 0,
    'cassandra.initial_token': 0,
    'cassandra-foreground': 'yes',
    'java.security.manager': 'allow',
  }
  const running = start(network.server, [
    'java',
    ...['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC', `-javaagent:${join(libraries, agent)}`],
    ...opened.flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]),
    ...exported.flatMap((name) => ['--add-exports', `${name}=ALL-UNNAMED`]),
    ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    ...['-cp', `${home}:${libraries}/*`, 'org.apache.cassandra.service.CassandraDaemon'],
  ])
  // It makes its first user after it listens, and says so.
  await until(
    'Cassandra to take logins',
    () => {
      if (!running.alive()) throw new Error(`Cassandra ended: ${running.stderr()}${running.stdout()}`)
      return running.stdout().includes('Created default superuser role')
    },
    START,
  )
}

const clients = join(root, 'test/live/clients')

/** What the driver for Node did. `scenario`: one of clients/cassandra.ts. */
export async function node(network: Network, scenario: string): Promise<Done[]> {
  const script = join(clients, 'cassandra.ts')
  return JSON.parse(await network.ask([process.execPath, '--import', 'tsx', script, network.ip4, scenario]))
}

/** What the driver for Python did, in an environment of its own. `scenario`: one of clients/cassandra_driver.py. */
export async function python(
  network: Network,
  version: string,
  compression: string,
  scenario: string,
): Promise<Done[]> {
  const environment = await pythonDriver()
  const command = [join(environment, 'bin/python3'), join(clients, 'cassandra_driver.py')]
  return JSON.parse(await network.ask([...command, network.ip4, version, compression, scenario]))
}

/** The driver for Python in an environment of its own; installed once. */
export const pythonDriver = () =>
  cached('python-cassandra-driver', async (into) => {
    await run('python3', '-m', 'venv', into)
    // The folder is renamed afterwards, which its other programs do not survive.
    const pip = [join(into, 'bin/python3'), '-m', 'pip', 'install', '-q'] as const
    await run(...pip, 'cassandra-driver==3.30.1', 'lz4', 'python-snappy')
  })
