import type { Identity } from '../events/identity.js'

/** What a running program can be asked about itself. */
export interface Source {
  identity: Identity
  /** Milliseconds since 1970. */
  started: number
  output: string
  queue: 'mem' | 'disk'
  /** All counters, by full name, such as `capture.packets`. */
  counters(): Readonly<Record<string, number>>
  /** The counters of each capture. */
  inputs(): readonly { device: string; counters: Readonly<Record<string, number>> }[]
}

// What goes up and down; everything else only grows.
const GAUGES =
  /(^|\.)(open|held_bytes|waiting_events)$|^(file\.(bytes|position)|pipeline\.queue\.|queue\.disk\.(events|bytes|segments)$)/

export const isGauge = (name: string): boolean => GAUGES.test(name)
