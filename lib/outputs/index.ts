import { console } from './console/index.js'
import { discard } from './discard/index.js'
import { file } from './file/index.js'
import { logstash } from './logstash/index.js'

/** What `output.<name>` may be. */
export const outputs = [console, discard, file, logstash] as const
