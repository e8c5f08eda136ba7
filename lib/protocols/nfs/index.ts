import { z } from 'zod'
import { duration, MINUTE } from '../../options/duration.js'
import { defineProtocol } from '../protocol.js'
import { NfsDatagrams } from './datagrams.js'
import { fields } from './fields.js'
import { counters, share } from './shared.js'
import { NfsStream } from './stream.js'

const TCP = 6

export const nfs = defineProtocol({
  name: 'nfs',
  title: 'NFS 2, 3, 4.0, 4.1 and 4.2 over ONC RPC, with callbacks, mount and lock manager',
  transports: ['tcp', 'udp'],
  ports: [2049],
  options: z.strictObject({
    transaction_timeout: duration().default(MINUTE).describe('How long a call waits for its reply.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = share(options, context)
    return (endpoints) =>
      endpoints.protocol === TCP ? new NfsStream(endpoints, shared) : new NfsDatagrams(endpoints, shared)
  },
})
