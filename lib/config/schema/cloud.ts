import { z } from 'zod'
import { secret } from '../../options/kinds.js'

export const cloudSchema = z.strictObject({
  id: z.string().optional().describe('The Cloud ID of a deployment; its hosts take the place of all others.'),
  auth: secret(
    z.string().optional().describe('`user:password` of the deployment, instead of those of the output.'),
  ),
})
