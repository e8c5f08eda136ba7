import { z } from 'zod'
import { planned } from '../../options/kinds.js'
import { flag, section, text, whole } from './planned-options.js'

export const httpSchema = z.strictObject({
  enabled: z.boolean().default(false).describe('Switches it on and off.'),
  host: z
    .string()
    .min(1)
    .refine((host) => !host.startsWith('npipe://'), {
      message: 'cannot be a Windows pipe; use an address or unix:///path',
    })
    .default('localhost')
    .describe(
      'Address to listen on, or `unix:///path` of a socket. Whoever can reach it can read the counters.',
    ),
  port: z.int().min(0).max(65535).default(5066).describe('Port; 0: any that is free, told in the log.'),
  named_pipe: planned(
    section('Windows pipe.', { user: text('User.'), security_descriptor: text('Access rights.') }),
  ),
  pprof: planned(
    section('Profiles.', {
      enabled: flag(false, 'Switches it on and off.'),
      block_profile_rate: whole(0, 'Rate.'),
      mem_profile_rate: whole(524_288, 'Rate.'),
      mutex_profile_rate: whole(0, 'Rate.'),
    }),
  ),
  buffer: planned(section('History of metrics.', { enabled: flag(false, 'Switches it on and off.') })),
})
