import { z } from 'zod'
import { type Host, type HostDefaults, parseHost } from '../hosts.js'

export interface ServerDefaults extends HostDefaults {
  /** Those that are understood. */
  schemes: readonly string[]
}

/** The option for `hosts`. */
export const hostsOption = (defaults: ServerDefaults) =>
  z
    .union([
      z.array(z.string().min(1)).min(1),
      z
        .string()
        .min(1)
        .transform((host) => [host]),
    ])
    .superRefine((hosts, context) => {
      for (const [index, text] of hosts.entries())
        try {
          serverOf(text, defaults)
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message, path: [index] })
        }
    })

export const serversOf = (hosts: readonly string[], defaults: ServerDefaults): Host[] =>
  hosts.map((text) => serverOf(text, defaults))

function serverOf(text: string, defaults: ServerDefaults): Host {
  const host = parseHost(text, defaults)
  if (!defaults.schemes.includes(host.scheme))
    throw new Error(
      `must be host[:port] or a URL with ${defaults.schemes.map((scheme) => `${scheme}://`).join(' or ')}, not ${host.scheme}://`,
    )
  return host
}
