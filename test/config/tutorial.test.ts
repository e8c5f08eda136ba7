// Each part of the tutorial's configuration must pass, and mean what it says; test/live/tutorial.test.ts runs it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { main } from '../../lib/cli/main.js'
import { capture } from '../support/tutorial.js'
import { loaded, written } from './support.js'

const elasticsearch = `
output.elasticsearch:
  hosts: ["192.168.1.42:9200"]
  protocol: "https"
  username: "packetbeat_internal"
  password: "YOUR_PASSWORD"
`

const logstash = `
output.logstash:
  hosts: ["127.0.0.1:5044"]
  ssl.certificate_authorities: ["/etc/pki/root/ca.pem"]
  ssl.certificate: "/etc/pki/client/cert.pem"
  ssl.key: "/etc/pki/client/cert.key"
`

const kibanas = ['localhost:5601', 'http://localhost:5601/path', 'https://[2001:db8::1]:5601']

async function testConfig(text: string): Promise<{ status: number; out: string; err: string }> {
  const result = { status: 0, out: '', err: '' }
  result.status = await main(['test', 'config', '-e', '-c', written(text)], {
    stdout: { write: (text: string) => (result.out += text) },
    stderr: { write: (text: string) => (result.err += text) },
    env: {},
  })
  return result
}

const ok = { status: 0, out: 'Config OK\n', err: '' }

describe('the configuration of the tutorial', () => {
  it('captures every protocol on the ports that it says, on all devices', () => {
    const { interfaces, protocols } = loaded(capture + elasticsearch)
    assert.deepEqual(
      interfaces.map(({ device }) => device),
      ['any'],
    )
    const ports = Object.fromEntries(protocols.map(({ protocol, ports }) => [protocol.name, ports]))
    assert.deepEqual(ports, {
      icmp: [],
      amqp: [5672],
      cassandra: [9042],
      dns: [53],
      http: [80, 8080, 8000, 5000, 8002],
      memcache: [11211],
      mysql: [3306],
      pgsql: [5432],
      redis: [6379],
      thrift: [9090],
      mongodb: [27017],
      nfs: [2049],
      tls: [443],
    })
    const { options } = protocols.find(({ protocol }) => protocol.name === 'dns') ?? assert.fail()
    assert.deepEqual([options.include_authorities, options.include_additionals], [true, true])
  })

  it('passes with Elasticsearch, and nothing in it is not available', async () => {
    assert.deepEqual(await testConfig(capture + elasticsearch), ok)
    const { output, notices } = loaded(capture + elasticsearch)
    assert.deepEqual(notices, [])
    assert.equal(output?.plugin.name, 'elasticsearch')
  })

  it('passes with Logstash and certificates', async () => {
    assert.deepEqual(await testConfig(capture + logstash), ok)
    const { output, notices } = loaded(capture + logstash)
    assert.deepEqual(notices, [])
    assert.equal(output?.plugin.name, 'logstash')
  })

  for (const host of kibanas)
    it(`passes with Kibana at ${host}`, async () => {
      const text = `${capture}${elasticsearch}setup.kibana.host: "${host}"\n`
      assert.deepEqual(await testConfig(text), ok)
      assert.deepEqual(loaded(text).notices, [])
    })
})
