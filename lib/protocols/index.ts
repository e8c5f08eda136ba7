import { dns } from './dns/index.js'
import { http } from './http/index.js'
import { icmp } from './icmp/index.js'
import { mysql } from './mysql/index.js'
import { redis } from './redis/index.js'

/** Every protocol there is. To add one, add its line. */
export const protocols = [dns, http, icmp, mysql, redis] as const
