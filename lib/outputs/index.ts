import { console } from './console/index.js'
import { discard } from './discard/index.js'
import { elasticsearch } from './elasticsearch/index.js'
import { file } from './file/index.js'
import { kafka } from './kafka/index.js'
import { logstash } from './logstash/index.js'
import { redis } from './redis/index.js'

/** What `output.<name>` may be. */
export const outputs = [console, discard, elasticsearch, file, kafka, logstash, redis] as const
