import { equal, match, ok } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { packageVersion } from '../../lib/package.js'
import { elasticsearch, elasticsearchTools, type SearchNode } from './support/elasticsearch.js'
import { folder } from './support/folder.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { nginx } from './support/nginx.js'
import { redis } from './support/redis.js'
import { documents, expected, type Replayed, replay, sameEvents, template } from './support/search.js'
import { cameOfTutorial, runTutorial, tutorialTools } from './support/tutorial.js'

const TRACE = 'redis/redis-cli.pcap'
const protocols = [{ type: 'redis' }]
const user = { username: 'writer', password: 'p:ss w"rd' }

const skip = lacking(...elasticsearchTools, ...tutorialTools)

describe('A node of Elasticsearch with TLS and users', { skip }, () => {
  let network: Network
  let node: SearchNode
  let wanted: Awaited<ReturnType<typeof expected>>
  let runs = 0

  before(async () => {
    network = new Network('lo')
    node = await elasticsearch(network, { users: { [user.username]: user.password } })
    await template(node, 'packetbeat')
    wanted = await expected(network, { trace: TRACE, protocols })
  })
  after(async () => {
    await node?.stop()
    network.remove()
  })

  async function run(output: object): Promise<Replayed & { index: string }> {
    const index = `packetbeat-run${runs++}`
    const quick = { backoff: { init: '50ms', max: '50ms' } }
    const config = { output: { elasticsearch: { hosts: [node.url], index, ...quick, ...output } } }
    return { ...(await replay(network, { trace: TRACE, protocols, config })), index }
  }

  async function arrives(output: object): Promise<void> {
    const { status, index, log } = await run(output)
    equal(status, 0, log.join('\n'))
    sameEvents(await documents(node, index), wanted)
  }

  /** Nothing arrives, everything is counted, and the log says why. */
  async function fails(output: object, why: RegExp): Promise<void> {
    const { counters, log } = await run(output)
    equal(counters['pipeline.events.abandoned'], wanted.length)
    match(log.join('\n'), why)
    ok(!log.join('\n').includes(user.password), 'the log shows the password')
  }

  const trusting = () => ({ ssl: { certificate_authorities: [node.authority] } })

  test('takes events of its user', () => arrives({ ...user, ...trusting() }))

  test('takes what the configuration of the tutorial captures', async () => {
    await Promise.all([nginx(network), redis(network)])
    await runTutorial(
      network,
      {
        elasticsearch: {
          hosts: [`${network.ip4}:9200`],
          protocol: 'https',
          ...user,
          ...trusting(),
        },
      },
      {
        setup: { template: { enabled: false }, ilm: { enabled: false }, kibana: { host: 'localhost:5601' } },
      },
    )
    cameOfTutorial(await documents(node, `packetbeat-${packageVersion}`))
  })

  test('takes them of an API key, however it is written', async () => {
    const key = await node.request<{ id: string; api_key: string; encoded: string }>(
      'POST',
      '/_security/api_key',
      {
        name: 'agent',
      },
    )
    await arrives({ api_key: `${key.id}:${key.api_key}`, ...trusting() })
    await arrives({ api_key: key.encoded, ...trusting() })
  })

  test('refuses wrong credentials, and none, which is told', async () => {
    await fails(
      { ...user, password: 'wrong', ...trusting() },
      /does not know these credentials \(401\); check username and password/,
    )
    await fails({ api_key: 'a:b', ...trusting() }, /\(401\)/)
    await fails(trusting(), /\(401\)/)
  })

  test('keeps the events of a key that may not write them', async () => {
    const key = await node.request<{ encoded: string }>('POST', '/_security/api_key', {
      name: 'reader',
      role_descriptors: {
        reader: { cluster: ['monitor'], indices: [{ names: ['*'], privileges: ['read'] }] },
      },
    })
    await fails({ api_key: key.encoded, ...trusting() }, /security_exception: action \[\S+\] is unauthorized/)
  })

  test('is not trusted without its authority, nor with another', async () => {
    await fails(user, /authority of its certificate is not trusted; name it in ssl\.certificate_authorities/)
    const other = join(folder(), 'ca.pem')
    const self = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=other',
      '-keyout',
      `${other}.key`,
      '-out',
      other,
    ]
    execFileSync('openssl', self, { stdio: 'pipe' })
    await fails({ ...user, ssl: { certificate_authorities: [other] } }, /authority of its certificate is/)
  })

  test('is trusted by the fingerprint of its authority alone, in any form', async () => {
    const { raw } = new X509Certificate(readFileSync(node.authority as string))
    const fingerprint = createHash('sha256').update(raw).digest('hex')
    await arrives({ ...user, ssl: { ca_trusted_fingerprint: fingerprint } })
    const colons = fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:')
    await arrives({ ...user, ssl: { ca_trusted_fingerprint: colons } })
    await fails({ ...user, ssl: { ca_trusted_fingerprint: '0'.repeat(64) } }, /authority of its certificate/)
  })

  test('is checked as ssl.verification_mode says', async () => {
    // It leads to the node, too, and is not in its certificate.
    const ssl = (verification_mode: string) => ({
      ...user,
      hosts: [named],
      ssl: { ...trusting().ssl, verification_mode },
    })
    const named = node.url.replace('127.0.0.1', '0.0.0.0')
    await fails(ssl('full'), /its certificate is for another name/)
    await fails(ssl('strict'), /its certificate is for another name/)
    await arrives(ssl('certificate'))
    await arrives({ ...user, ssl: { verification_mode: 'none' } })
    await arrives({ ...user, ssl: { ...trusting().ssl, verification_mode: 'strict' } })
  })
})
