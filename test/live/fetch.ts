// Fetches what the live tests download, so that it is there when they begin. What fails here they fetch themselves.

import { allNodes } from '../package/support/nodes.js'
import { cassandraJars, pythonDriver } from './support/cassandra.js'
import { distribution, opensearchJars } from './support/elasticsearch.js'
import { kafkaJars } from './support/kafka.js'
import { receiver } from './support/lumberjack.js'
import { mongodbJars } from './support/mongodb.js'
import { pythonThrift } from './support/thrift.js'

const parts = {
  mongodbJars,
  pythonDriver,
  pythonThrift,
  cassandraJars,
  receiver,
  kafkaJars,
  opensearchJars,
  distribution,
  allNodes,
}

// One after the other: a build goes on beside it.
for (const [name, fetch] of Object.entries(parts)) {
  const start = Date.now()
  try {
    await fetch()
    console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`)
  } catch (error) {
    console.log(`${name}: ${(error as Error).message}`)
  }
}
