/** A number of each bucket. */
export type Metric =
  | { op: 'count'; label?: string }
  | { op: 'sum' | 'avg' | 'min' | 'max' | 'cardinality'; field: string; label?: string }
  | { op: 'percentiles'; field: string; percents: readonly number[]; label?: string }

/** What events are sorted into buckets by. */
export type Buckets =
  | { by: 'time' }
  | { by: 'terms'; field: string; size: number; label?: string }
  | { by: 'histogram'; field: string; interval: number; label?: string }
  /** KQL by name. */
  | { by: 'filters'; filters: Readonly<Record<string, string>> }

interface Panel {
  title: string
  /** Of 48 columns. */
  width: number
  /** Rows of 20 pixels. */
  height: number
}

export interface Chart extends Panel {
  kind: 'area' | 'line' | 'bars' | 'pie' | 'table' | 'number' | 'cloud'
  /** KQL. */
  query: string
  metrics: readonly Metric[]
  /** Of `area`, `line` and `bars` the first one is the horizontal axis. */
  buckets: readonly Buckets[]
}

export interface Text extends Panel {
  kind: 'text'
  markdown: string
}

export interface WorldMap extends Panel {
  kind: 'map'
  query: string
  /** A geo_point. */
  field: string
}

/** A list of events. */
export interface EventList extends Panel {
  kind: 'events'
  query: string
  columns: readonly string[]
}

export type AnyPanel = Chart | Text | WorldMap | EventList

export interface Page {
  /** Part of its id; never changes, so that a new version replaces the old one. */
  id: string
  title: string
  description: string
  panels: readonly AnyPanel[]
}

export const count: Metric = { op: 'count' }
export const sum = (field: string, label?: string): Metric => measured('sum', field, label)
export const average = (field: string, label?: string): Metric => measured('avg', field, label)
export const smallest = (field: string, label?: string): Metric => measured('min', field, label)
export const largest = (field: string, label?: string): Metric => measured('max', field, label)
export const distinct = (field: string, label?: string): Metric => measured('cardinality', field, label)

const measured = (
  op: 'sum' | 'avg' | 'min' | 'max' | 'cardinality',
  field: string,
  label?: string,
): Metric => ({
  op,
  field,
  ...(label !== undefined && { label }),
})

export const DURATION = 'event.duration'

export const percentiles = (percents: readonly number[], field = DURATION): Metric => ({
  op: 'percentiles',
  field,
  percents,
})

export const terms = (field: string, size = 10, label?: string): Buckets => ({
  by: 'terms',
  field,
  size,
  ...(label !== undefined && { label }),
})
export const filters = (map: Readonly<Record<string, string>>): Buckets => ({ by: 'filters', filters: map })
export const steps = (field: string, interval: number, label?: string): Buckets => ({
  by: 'histogram',
  field,
  interval,
  ...(label !== undefined && { label }),
})

interface Rest {
  query?: string
  metrics?: readonly Metric[]
  width?: number
  height?: number
}

const chart = (
  kind: Chart['kind'],
  title: string,
  buckets: readonly Buckets[],
  { query = '', metrics = [count], width = 24, height = 12 }: Rest,
): Chart => ({ kind, title, query, metrics, buckets, width, height })

/** A chart over time, `by` a field or other buckets. */
export const overTime = (
  title: string,
  { by, kind = 'area', ...rest }: Rest & { by?: Buckets; kind?: 'area' | 'line' | 'bars' } = {},
): Chart => chart(kind, title, [{ by: 'time' }, ...(by === undefined ? [] : [by])], rest)

export const bars = (title: string, along: Buckets, rest: Rest & { by?: Buckets } = {}): Chart =>
  chart('bars', title, [along, ...(rest.by === undefined ? [] : [rest.by])], rest)

/** A ring for each of the buckets, the first one inside. */
export const shares = (title: string, buckets: readonly Buckets[], rest: Rest = {}): Chart =>
  chart('pie', title, buckets, { width: 16, ...rest })

export const table = (title: string, buckets: readonly Buckets[], rest: Rest = {}): Chart =>
  chart('table', title, buckets, rest)

export const numbers = (title: string, metrics: readonly Metric[], rest: Rest = {}): Chart =>
  chart('number', title, [], { height: 6, ...rest, metrics })

export const cloud = (title: string, field: string, rest: Rest = {}): Chart =>
  chart('cloud', title, [terms(field, 30)], rest)

export const text = (title: string, markdown: string, width = 48, height = 4): Text => ({
  kind: 'text',
  title,
  markdown,
  width,
  height,
})

export const worldMap = (title: string, field: string, query = ''): WorldMap => ({
  kind: 'map',
  title,
  field,
  query,
  width: 48,
  height: 15,
})

export const events = (title: string, query: string, columns: readonly string[]): EventList => ({
  kind: 'events',
  title,
  query,
  columns,
  width: 48,
  height: 14,
})
