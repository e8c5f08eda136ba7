import { isIP } from 'node:net'
import { z } from 'zod'
import { among, nearestName } from '../nearest-name.js'

/** Ranges that have a name in the configuration. */
export const networkNames = [
  'loopback',
  'unicast',
  'multicast',
  'interface_local_multicast',
  'link_local_unicast',
  'link_local_multicast',
  'private',
  'public',
  'unspecified',
] as const

/** A CIDR block, or a named range. */
export const network = () =>
  z.string().superRefine((text, context) => {
    if ((networkNames as readonly string[]).includes(text) || isCidr(text)) return
    const meant = nearestName(text, networkNames)
    const guess = meant === undefined ? '' : `did you mean ${meant}? `
    const allowed = `a CIDR block such as 10.0.0.0/8, or one of ${among(networkNames)}`
    context.addIssue({
      code: 'custom',
      message: `must not be ${JSON.stringify(text)}; ${guess}allowed: ${allowed}`,
    })
  })

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  )
}
