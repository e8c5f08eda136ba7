import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { jars } from './cache.js'
import { undone } from './cleanup.js'
import { folder } from './folder.js'
import { path, root } from './needs.js'
import { until } from './processes.js'

export const user = { username: 'writer', password: 'a secret: with signs' }

// Java starts at its leisure, on a machine with others all the more.
const START = 120_000

/** A broker of this machine alone, with a listener of each kind. */
export interface Broker {
  /** `127.0.0.1:<port>` of each listener; `proxied`: the one whose advertised address is `proxy`. */
  plain: string
  ssl: string
  sasl: string
  saslSsl: string
  proxied: string
  /** Where clients are sent that come in by `proxied`; whoever wants to stand there listens there. */
  proxy: number
  /** PEM of the authority that signed its certificate. */
  authority: string
  start(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** What the broker runs on; the first time Maven fetches it. */
export const kafkaJars = () => jars('kafka-3.9.1', join(root, 'test/live/servers/kafka/pom.xml'))

/** Starts a broker with an empty log. */
export async function kafkaBroker(): Promise<Broker> {
  const libraries = await kafkaJars()
  const home = folder()
  const [plain, ssl, sasl, saslSsl, proxied, proxy, controller] = await Promise.all(
    Array.from({ length: 7 }, freePort),
  )
  const at = (port: number | undefined) => `127.0.0.1:${port}`
  const file = join(home, 'server.properties')
  const advertised = `PLAIN://${at(plain)},SSL://${at(ssl)},SASL://${at(sasl)},SASLSSL://${at(saslSsl)}`
  writeFileSync(
    file,
    `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${at(controller)}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAIN
listeners=${advertised},PROXIED://${at(proxied)},CONTROLLER://${at(controller)}
advertised.listeners=${advertised},PROXIED://${at(proxy)}
listener.security.protocol.map=PLAIN:PLAINTEXT,SSL:SSL,SASL:SASL_PLAINTEXT,SASLSSL:SASL_SSL,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
connections.max.reauth.ms=1500
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
${['sasl', 'saslssl'].map(logins).join('\n')}
ssl.keystore.type=PEM
ssl.keystore.location=${certificate(home)}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=true
log.dirs=${join(home, 'data')}
num.partitions=3
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
num.network.threads=1
num.io.threads=2
background.threads=1
log.cleaner.enable=false
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
controller.quorum.election.timeout.ms=300
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=true
delete.topic.enable=true
`,
  )
  const java = (...words: string[]) => [
    ...['-Xmx256m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', `${libraries}/*`, ...words],
  ]
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user.username},password=${user.password}]`,
  ])
  const format = ['kafka.tools.StorageTool', 'format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', file]
  execFileSync('java', java(...format, ...scram), { env: { ...process.env, PATH: path }, stdio: 'pipe' })
  let running: ChildProcess | undefined
  return {
    plain: at(plain),
    ssl: at(ssl),
    sasl: at(sasl),
    saslSsl: at(saslSsl),
    proxied: at(proxied),
    proxy: proxy as number,
    authority: readFileSync(join(home, 'root.pem'), 'utf8'),
    async start() {
      const broker = spawn('java', java('kafka.Kafka', file), {
        env: { ...process.env, PATH: path },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      running = broker
      const forget = undone(() => broker.kill('SIGKILL'))
      let log = ''
      for (const stream of [broker.stdout, broker.stderr]) stream.on('data', (text) => (log += text))
      broker.once('close', forget)
      const listening = [plain, ssl, sasl, saslSsl, proxied] as number[]
      await until(
        'the broker listens',
        async () => {
          if (broker.exitCode !== null) throw new Error(`the broker ended: ${log}`)
          return (await Promise.all(listening.map(answers))).every(Boolean)
        },
        START,
      )
    },
    async kill() {
      const broker = running
      if (broker === undefined || broker.exitCode !== null) return
      const gone = new Promise((resolve) => broker.once('close', resolve))
      broker.kill('SIGKILL')
      await gone
    },
  }
}

/** Whether somebody listens there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function logins(listener: string): string {
  const of = (mechanism: string) => `listener.name.${listener}.${mechanism}.sasl.jaas.config`
  return `${of('plain')}=org.apache.kafka.common.security.plain.PlainLoginModule required user_${user.username}="${user.password}";
${of('scram-sha-256')}=org.apache.kafka.common.security.scram.ScramLoginModule required;
${of('scram-sha-512')}=org.apache.kafka.common.security.scram.ScramLoginModule required;`
}

/** The path of the broker's key and certificate; its authority is beside it. */
function certificate(home: string): string {
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  const made = (name: string, subject: string, ...more: string[]) =>
    openssl(
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-days', '30', '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...more],
    )
  made('root', '/CN=Root')
  made(
    'broker',
    '/CN=broker',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  )
  const file = join(home, 'store.pem')
  writeFileSync(
    file,
    ['broker.key', 'broker.pem', 'root.pem'].map((name) => readFileSync(join(home, name))).join('\n'),
  )
  return file
}
