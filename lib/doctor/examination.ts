import type * as Binding from '../../binding.js'
import type { InterfaceSettings, Settings } from '../config/settings.js'
import type { Account } from '../run-as/account.js'

/** What the examinations are told. None of them changes anything. */
export interface Examination {
  settings: Settings
  binding: typeof Binding
  /** Whom the captures run as: `packetbeat.run_as`, if it is configured and known. */
  account: Account | undefined
}

/** Interfaces that capture, rather than read a file. */
export const live = ({ interfaces }: Settings): readonly InterfaceSettings[] =>
  interfaces.filter(({ file }) => file === undefined)

/** How the setting of an interface is written, such as `packetbeat.interfaces.1.snaplen`. */
export const settingOf = ({ interfaces }: Settings, of: InterfaceSettings, name: string): string =>
  `packetbeat.interfaces.${interfaces.length > 1 ? `${interfaces.indexOf(of)}.` : ''}${name}`

/** Some names of many, for people. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ')
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown
}

// More would not be read.
const MOST_NAMES = 4

const GIGABYTE = 1e9

/** Bytes, for people. */
export const sizeOf = (bytes: number): string =>
  bytes >= GIGABYTE ? `${(bytes / GIGABYTE).toFixed(1)} GB` : `${Math.floor(bytes / 1e6)} MB`
