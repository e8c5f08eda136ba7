// Sends events over HTTP, a batch at a time, as JSON lines.
import { defineOutput, duration, NOTHING_LEFT, SECOND, z } from 'packetbeat-native'

export const webhook = defineOutput({
  name: 'webhook',
  title: 'a webhook, as JSON lines over HTTP',
  options: z.strictObject({
    url: z.url().describe('Where events are posted to.'),
    timeout: duration({ min: SECOND })
      .default(30 * SECOND)
      .describe('Longest wait for an answer.'),
  }),
  wants: () => 'text',
  open: async ({ url, timeout }) => ({
    lanes: [
      {
        name: url,
        send: (batch, signal) =>
          post(url, batch, AbortSignal.any([signal, AbortSignal.timeout(timeout / 1e6)])),
      },
    ],
    close: async () => undefined,
  }),
})

async function post(url, batch, signal) {
  const body = batch.bytes.subarray(0, batch.length)
  const headers = { 'content-type': 'application/x-ndjson' }
  const { status } = await fetch(url, { method: 'POST', headers, body, signal })
  if (status < 300) return NOTHING_LEFT
  // What the server does not want now it may want later; what it calls wrong stays so.
  if (status === 429 || status >= 500) throw new Error(`status ${status}`)
  const rejected = Array.from({ length: batch.count }, (_, index) => ({ index, reason: `status ${status}` }))
  return { retry: [], rejected }
}
