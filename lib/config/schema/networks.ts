import { z } from 'zod'
import { namedNetworks, parseNetworks } from '../../net/networks.js'
import { among, nearestName } from '../nearest-name.js'

const names = Object.keys(namedNetworks)

/** A CIDR block, or a named range. */
export const network = () =>
  z.string().superRefine((text, context) => {
    try {
      parseNetworks([text])
    } catch {
      const meant = nearestName(text, names)
      const guess = meant === undefined ? '' : `did you mean ${meant}? `
      const allowed = `a CIDR block such as 10.0.0.0/8, or one of ${among(names)}`
      context.addIssue({
        code: 'custom',
        message: `must not be ${JSON.stringify(text)}; ${guess}allowed: ${allowed}`,
      })
    }
  })
