import { amqp } from './amqp/index.js'
import { cassandra } from './cassandra/index.js'
import { dhcpv4 } from './dhcpv4/index.js'
import { dns } from './dns/index.js'
import { http } from './http/index.js'
import { icmp } from './icmp/index.js'
import { memcache } from './memcache/index.js'
import { mongodb } from './mongodb/index.js'
import { mysql } from './mysql/index.js'
import { nfs } from './nfs/index.js'
import { pgsql } from './pgsql/index.js'
import { redis } from './redis/index.js'
import { sip } from './sip/index.js'
import { thrift } from './thrift/index.js'
import { tls } from './tls/index.js'

/** Every protocol there is. To add one, add its line. */
export const protocols = [
  amqp,
  cassandra,
  dhcpv4,
  dns,
  http,
  icmp,
  memcache,
  mongodb,
  mysql,
  nfs,
  pgsql,
  redis,
  sip,
  thrift,
  tls,
] as const
