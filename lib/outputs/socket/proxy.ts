import { z } from 'zod'
import { secret } from '../../options/kinds.js'
import { parseHost } from '../hosts.js'

/** A SOCKS5 proxy (RFC 1928). */
export interface SocksProxy {
  host: string
  port: number
  userId: string | undefined
  password: string | undefined
  /** It is given names, not addresses. */
  resolves: boolean
}

const schemes = ['socks5', 'socks5h']

const server = (text: string) => parseHost(text, { scheme: 'socks5', port: 1080, setting: 'proxy_url' })

/** Options of outputs that go through a SOCKS5 proxy. */
export const socksShape = () => ({
  proxy_url: secret(
    z
      .string()
      .optional()
      .superRefine((text, context) => {
        if (text === undefined || text === '') return
        try {
          if (!schemes.includes(server(text).scheme))
            throw new Error('must be the URL of a SOCKS5 proxy, such as socks5://proxy:1080')
        } catch (error) {
          context.addIssue({ code: 'custom', message: (error as Error).message })
        }
      })
      .describe('A SOCKS5 proxy, such as `socks5://user:password@proxy:1080`.'),
  ),
  proxy_use_local_resolver: z
    .boolean()
    .default(false)
    .describe('Resolve the names of `hosts` here, not at the proxy.'),
})

interface SocksOptions {
  proxy_url?: string | undefined
  proxy_use_local_resolver: boolean
}

export function socksProxy({ proxy_url, proxy_use_local_resolver }: SocksOptions): SocksProxy | undefined {
  if (proxy_url === undefined || proxy_url === '') return undefined
  const { host, port, username, password } = server(proxy_url)
  return { host, port, userId: username, password, resolves: !proxy_use_local_resolver }
}
