import { redis } from './redis/index.js'

/** Every protocol there is. To add one, add its line. */
export const protocols = [redis] as const
