import { cassandra } from './cassandra/index.js'
import { dns } from './dns/index.js'
import { http } from './http/index.js'
import { icmp } from './icmp/index.js'
import { memcache } from './memcache/index.js'
import { mongodb } from './mongodb/index.js'
import { mysql } from './mysql/index.js'
import { nfs } from './nfs/index.js'
import { pgsql } from './pgsql/index.js'
import { redis } from './redis/index.js'

/** Every protocol there is. To add one, add its line. */
export const protocols = [cassandra, dns, http, icmp, memcache, mongodb, mysql, nfs, pgsql, redis] as const
