import { z } from 'zod'
import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { toStream } from '../console/standard-output.js'
import { defineOutput, type Output, type OutputContext } from '../output.js'
import { colours, wantsColour } from './colours.js'
import { flowLine, transactionLine } from './line.js'
import { Summary } from './summary.js'

// Of a terminal that does not tell, and of the conversations that are remembered.
const WIDTH = 120
const REMEMBERED = 20_000

const communityId = field('network.community_id')
const final = field('flow.final')

/** A line for each transaction and a table at the end: what a run shows when no output is configured. */
export const terminal = defineOutput({
  name: 'terminal',
  title: 'the terminal, a line for each transaction',
  options: z.strictObject({}),
  wants: () => 'document',
  // Shown as it happens.
  delivery: () => ({ maxDelay: 0 }),
  open: async (_, context) => openTerminal(process.stdout, context),
})

export interface Screen extends NodeJS.WritableStream {
  columns?: number
  isTTY?: boolean
}

export function openTerminal(screen: Screen, context: OutputContext, environment = process.env): Output {
  const paint = colours(wantsColour(environment, screen.isTTY === true))
  const summary = new Summary()
  const spoken = new Set<unknown>()

  function line(event: Document): string | undefined {
    const width = screen.columns ?? WIDTH
    const conversation = communityId.get(event)
    if (event.type !== 'flow') {
      summary.transaction(event)
      if (spoken.size >= REMEMBERED) spoken.clear()
      spoken.add(conversation)
      return transactionLine(event, width, paint)
    }
    // A flow is told once, at its end, and only when no transaction of it was.
    if (final.get(event) !== true) return undefined
    summary.flow(event)
    return spoken.has(conversation) ? undefined : flowLine(event, width, paint)
  }

  const writer = toStream(screen, line)
  return {
    lanes: writer.lanes.map(({ name, send }) => ({
      name,
      // What has no line is delivered all the same: nothing is rejected.
      send: async (batch, signal) => ({ ...(await send(batch, signal)), rejected: [] }),
    })),
    close: async () => {
      const lines = summary.lines(context.counters?.() ?? {}, paint)
      if (lines.length > 0)
        await new Promise<void>((done) => screen.write(`\n${lines.join('\n')}\n`, () => done()))
      await writer.close()
    },
  }
}
