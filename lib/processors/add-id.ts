import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { field } from '../events/document.js'
import { defineProcessor } from './processor.js'

/** Gives each event an id of its own, so that an output that sends it twice has it once. */
export const addId = defineProcessor({
  name: 'add_id',
  title: 'gives events ids',
  options: z.strictObject({
    target_field: z.string().min(1).default('@metadata._id').describe('Where the id is put.'),
    type: z.literal('elasticsearch').default('elasticsearch').describe('How ids are made.'),
  }),
  create({ target_field }, context) {
    const { put } = field(target_field)
    return (event) => {
      if (put(event, nextId()) === undefined)
        context.failed(`a part of ${target_field} is a field that is no object`)
      return event
    }
  },
})

// Of this process, in place of a hardware address: containers often share theirs.
const node = randomBytes(6)
let sequence = randomBytes(3).readUIntBE(0, 3)
let last = 0

/** 20 characters: the time in milliseconds, this process, and a number, so that ids made one after another stand together. */
function nextId(): string {
  sequence = (sequence + 1) & 0xffffff
  // A clock that is set back must not lead to an id a second time.
  last = Math.max(last, Date.now())
  const bytes = Buffer.allocUnsafe(15)
  bytes.writeUIntBE(last, 0, 6)
  node.copy(bytes, 6)
  bytes.writeUIntBE(sequence, 12, 3)
  return bytes.toString('base64url')
}
