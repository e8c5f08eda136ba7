import { readFileSync } from 'node:fs'
import { parseAddress } from '../../net/address.js'

/** A name server. */
export interface Server {
  host: string
  port: number
}

/** Reads `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`; undefined: none of them. */
export function parseServer(text: string, port: number): Server | undefined {
  if (parseAddress(text) !== undefined) return { host: text, port }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || parseAddress(host) === undefined) return undefined
  const own = digits === undefined ? port : Number(digits)
  return own >= 1 && own <= 65535 ? { host, port: own } : undefined
}

/** Those of resolv.conf(5): three at most, and this machine where it names none. */
export function systemServers(port: number, file = '/etc/resolv.conf'): Server[] {
  const named = read(file)
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
    .flatMap((address) => parseServer(address, port) ?? [])
  return named.length > 0 ? named.slice(0, 3) : [{ host: '127.0.0.1', port }]
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
