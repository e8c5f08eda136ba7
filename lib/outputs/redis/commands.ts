import type { Document } from '../../events/writer.js'
import type { EventBatch } from '../../pipeline/batch.js'
import type { Encode } from '../codec.js'
import { print } from '../lines.js'
import type { Leftover } from '../output.js'
import type { Selector } from '../select.js'

/** One command, and the events of the batch that are delivered when it is done. */
export interface Command {
  words: (string | Buffer)[]
  key: string
  indexes: number[]
}

export interface Commands {
  commands: Command[]
  /** Events that no command can be made of. */
  rejected: Leftover['rejected'][number][]
}

export interface CommandOptions {
  datatype: 'list' | 'channel'
  keys: Selector
  encode: Encode | undefined
}

/** What brings a batch to Redis: a push of all values for each list, or a message for each event. */
export function commandsOf(batch: EventBatch, { datatype, keys, encode }: CommandOptions): Commands {
  const { lines, leftover } = print(batch, encode)
  const { retry: indexes, rejected } = leftover(0)
  const commands: Command[] = []
  const unnamed: Commands['rejected'] = []
  const pushes = new Map<string, Command>()
  let start = 0
  for (let line = 0; line < lines.count; line++) {
    const end = lines.ends[line] as number
    // Without the line's end.
    const text = lines.bytes.toString('utf8', start, end - 1)
    start = end
    const index = indexes[line] as number
    const key = keys.constant ?? keys.of(documentOf(batch, index, text))
    if (key === undefined || key === '') {
      unnamed.push({ index, reason: 'no key of output.redis fits it' })
      continue
    }
    if (datatype === 'channel') {
      commands.push({ words: ['PUBLISH', key, text], key, indexes: [index] })
      continue
    }
    let push = pushes.get(key)
    if (push === undefined) {
      push = { words: ['RPUSH', key], key, indexes: [] }
      pushes.set(key, push)
      commands.push(push)
    }
    push.words.push(text)
    push.indexes.push(index)
  }
  return { commands, rejected: [...rejected, ...unnamed] }
}

const documentOf = ({ documents }: EventBatch, index: number, text: string): Document =>
  documents.length > 0 ? (documents[index] as Document) : (JSON.parse(text) as Document)
