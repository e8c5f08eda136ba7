import { http } from './http/index.js'
import { redis } from './redis/index.js'

/** Every protocol there is. To add one, add its line. */
export const protocols = [http, redis] as const
