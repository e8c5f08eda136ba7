import { after, before, describe, test } from 'node:test'
import { certificates } from './support/certificates.js'
import { lumberjack, receiver } from './support/lumberjack.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { nginx } from './support/nginx.js'
import { redis } from './support/redis.js'
import { cameOfTutorial, runTutorial, tutorialTools } from './support/tutorial.js'

// With Elasticsearch it runs in elasticsearch-secured.test.ts, where there is one.
describe('The configuration of the tutorial', { skip: lacking('go', 'openssl', ...tutorialTools) }, () => {
  let network: Network
  before(async () => {
    network = new Network('lo')
    await Promise.all([nginx(network), redis(network), receiver()])
  })
  after(() => network?.remove())

  test('brings what it captures to Logstash, with certificates on both sides', async () => {
    const { home } = certificates(network.ip4)
    const flags = ['-cert', `${home}/server.pem`, '-key', `${home}/server.key`, '-ca', `${home}/root.pem`]
    const started = await lumberjack(network, 5044, ...flags)
    await runTutorial(network, {
      logstash: {
        hosts: [`${network.ip4}:5044`],
        'ssl.certificate_authorities': [`${home}/root.pem`],
        'ssl.certificate': `${home}/client.pem`,
        'ssl.key': `${home}/client.key`,
      },
    })
    cameOfTutorial((await started.stop()).map((text) => JSON.parse(text)))
  })
})
