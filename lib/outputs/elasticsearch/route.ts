import { compileFormat, type Format } from '../../events/format-string.js'
import type { Document } from '../../events/writer.js'
import { type Selector, selector } from '../select.js'
import type { Metadata } from './head.js'
import type { Options } from './options.js'

export interface Rejection {
  reason: string
}

/** What to do with an event: its action line, its line end included. */
export interface Action {
  line: Buffer
  /** Only the line is sent, no event. */
  alone: boolean
}

export interface Router {
  /** The line for all events with that metadata; undefined: each has its own, or none. */
  common(metadata: Metadata): Buffer | undefined
  of(metadata: Metadata, event: Document): Action | Rejection
}

// Elasticsearch refuses a whole request for one longer `_id`.
const LONGEST_ID = 512
const COMPILED = 256

/** Where events go, by the configuration, and by what processors put into their `@metadata`, which knows better. */
export function router(options: Options, known: Document): Router {
  const index = selector({
    otherwise: options.index,
    rules: options.indices.map(({ index: format, ...rule }) => ({ ...rule, format })),
    known,
  })
  const pipeline = selector({
    otherwise: options.pipeline,
    rules: options.pipelines.map(({ pipeline: format, ...rule }) => ({ ...rule, format })),
    known,
  })
  const anyPipeline = options.pipelines.length > 0 || (options.pipeline ?? '') !== ''
  const formats = new Map<string, Format>()

  /** A format string that came with an event: from the `index` of a protocol's entry. */
  function printed(text: string, event: Document): string | undefined {
    let format = formats.get(text)
    if (format === undefined) {
      try {
        format = compileFormat(text)
      } catch {
        format = () => text
      }
      if (formats.size >= COMPILED) formats.clear()
      formats.set(text, format)
    }
    return format(event)
  }

  function indexOf(metadata: Metadata, event: Document | undefined): string | undefined {
    const { alias, index: base, raw_index } = metadata
    if (isText(alias)) return alias
    if (isText(base)) return event && `${base}-${printed('%{+yyyy.MM.dd}', event)}`
    if (isText(raw_index)) return raw_index.includes('%{') ? event && printed(raw_index, event) : raw_index
    return chosen(index, event)
  }

  /** undefined: it depends on the event. */
  function pipelineOf(metadata: Metadata, event: Document | undefined): string | undefined {
    if (isText(metadata.pipeline)) return metadata.pipeline
    return anyPipeline ? chosen(pipeline, event) : ''
  }

  return {
    common(metadata) {
      if (metadata._id !== undefined || metadata.op_type === 'delete') return undefined
      const to = indexOf(metadata, undefined)
      const through = pipelineOf(metadata, undefined)
      return to === undefined || to === '' || through === undefined
        ? undefined
        : lineOf(metadata, to, through)
    },
    of(metadata, event) {
      const to = indexOf(metadata, event)
      if (to === undefined || to === '')
        return { reason: 'no index is configured for it, or it lacks a field that the index names' }
      const { _id } = metadata
      if (_id === '' || (typeof _id === 'string' && Buffer.byteLength(_id) > LONGEST_ID))
        return { reason: `its _id must have 1 to ${LONGEST_ID} bytes` }
      const alone = metadata.op_type === 'delete'
      if (alone && !isText(_id)) return { reason: 'op_type delete needs an _id' }
      return { line: lineOf(metadata, to, pipelineOf(metadata, event) ?? ''), alone }
    },
  }
}

const chosen = (from: Selector, event: Document | undefined): string | undefined =>
  from.constant ?? (event && from.of(event))

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

// Names in lower case, as upstream: others are refused by the server. JSON keeps what traffic has put into a name inside
// of the name.
function lineOf({ _id, op_type }: Metadata, index: string, pipeline: string): Buffer {
  const action = op_type === 'index' || op_type === 'delete' ? op_type : 'create'
  const meta = {
    _index: index.toLowerCase(),
    ...(isText(_id) && { _id }),
    ...(pipeline !== '' && action !== 'delete' && { pipeline: pipeline.toLowerCase() }),
  }
  return Buffer.from(`${JSON.stringify({ [action]: meta })}\n`)
}
