import type { Endpoints } from '../events/endpoints.js'
import { defineFields, type Fields, type Members } from '../events/fields.js'
import type { Origin } from '../events/writer.js'
import type { Flow } from '../flows/flow.js'
import type { Process } from './processes.js'

/** What is known of a process, below each of the names that events have for one. */
export const processMembers: Members = {
  pid: { type: 'long', always: true, description: 'Its number.' },
  name: {
    type: 'keyword',
    description: 'Its name; that of its executable where the kernel cut it; or what `procs.monitored` says.',
  },
  args: { type: 'keyword', list: true, description: 'Its command line, the program first.' },
  executable: { type: 'keyword', description: 'Path of the file that it runs.' },
  'parent.pid': { type: 'long', description: 'Number of the process that made it.' },
  start: { type: 'date', always: true, description: 'When it began.' },
  working_directory: { type: 'keyword', description: 'Its current directory when it was first seen.' },
}

type Known = Process | undefined

const sides = <T, O>(source: (transaction: T, origin: O) => Known, destination: typeof source) => ({
  'source.process': {
    type: 'object' as const,
    members: processMembers,
    description: 'The process at the source, if it runs on this machine.',
    value: source,
  },
  'destination.process': {
    type: 'object' as const,
    members: processMembers,
    description: 'The process at the destination, if it runs on this machine.',
    value: destination,
  },
  process: {
    type: 'object' as const,
    members: processMembers,
    description: 'The process at the destination, else the one at the source.',
    value: (transaction: T, origin: O) => destination(transaction, origin) ?? source(transaction, origin),
  },
})

const ofConversation = sides<unknown, Endpoints>(
  (_, { owners }) => owners?.source,
  (_, { owners }) => owners?.destination,
)

/** Of transactions; with `packetbeat.procs.enabled`. */
export const processFields = (): Fields<unknown> =>
  defineFields<unknown>({
    'source.process': {
      ...ofConversation['source.process'],
      // It comes first of them, and asks for all: so they are of one time.
      value: (_, { owners }) => owners?.ask().source,
      ofConversation: true,
    },
    'destination.process': { ...ofConversation['destination.process'], ofConversation: true },
    process: { ...ofConversation.process, ofConversation: true },
  })

/** The same of flows. */
export const flowProcessFields = (process: (number: number) => Known): Fields<Flow, Origin> =>
  sides<Flow, Origin>(
    ({ sourceProcess }) => process(sourceProcess),
    ({ destinationProcess }) => process(destinationProcess),
  )
