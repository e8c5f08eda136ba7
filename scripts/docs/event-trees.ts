import { commonFields } from '../../lib/events/common.js'
import { envelope, flowConstants, transactionConstants } from '../../lib/events/envelope.js'
import type { Fields } from '../../lib/events/fields.js'
import { type Branch, type Constants, type Origin, tree } from '../../lib/events/writer.js'
import { flowFields } from '../../lib/flows/fields.js'
import { flowProcessFields, processFields } from '../../lib/procs/fields.js'
import type { Protocol } from '../../lib/protocols/protocol.js'

/** Stands for a text that is not known before the program runs. */
export const SOME_TEXT = Symbol('some text')

export interface EventTrees {
  /** What all events have in common. */
  all: Branch
  /** What all transactions have in common. */
  transactions: Branch
  /** By `type`. */
  events: ReadonlyMap<string, Branch>
}

type AnyFields = Fields<unknown, Origin>

/** Which fields the events of each type may have: the levels that lib/events/writer.ts makes them of. */
export function eventTrees(
  protocols: readonly Pick<Protocol, 'name' | 'fields' | 'constants'>[],
): EventTrees {
  const direction = () => ''
  const common = { ...commonFields(direction), ...processFields() } as unknown as AnyFields
  const flow = { ...flowFields(direction), ...flowProcessFields(() => undefined) } as unknown as AnyFields
  const transactions = protocols.map(({ name, fields, constants }) => {
    const all = { ...common, ...(fields as unknown as AnyFields) }
    return [name, of(all, transactionConstants({ name, constants }))] as const
  })
  return {
    all: of({}, {}),
    transactions: of(common, {}),
    events: new Map([...transactions, ['flow', of(flow, flowConstants)]]),
  }
}

function of(fields: AnyFields, own: Constants): Branch {
  const some = SOME_TEXT as unknown as string
  const identity = { name: some, id: some, ephemeralId: some, version: some }
  return tree({ ...fields, ...added }, envelope({ identity, added: [], index: undefined }, own, fields))
}

/** What only some configurations put into events. */
const added: AnyFields = {
  '@metadata.raw_index': {
    type: 'keyword',
    description: 'The index that `index` of the entry names.',
    value: () => undefined,
  },
  tags: { type: 'keyword', list: true, description: '`tags` of the configuration.', value: () => undefined },
  fields: { type: 'object', description: '`fields` of the configuration.', value: () => undefined },
}
