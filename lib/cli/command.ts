// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import type { Io } from './io.js'
import type { Flags, FlagTable, Values } from './parse.js'

export interface Command<Own extends FlagTable = FlagTable> {
  /** As it is typed, such as `test config`. */
  name: string
  /** One line. */
  title: string
  /** More for its own help. */
  details?: string
  /** Takes the flags of `run`, too. */
  runs?: true
  /** Flags of its own; one that several commands have is the same in all of them. */
  flags?: Own
  /** `words`: what follows the name. Answers the exit status. */
  execute(flags: Flags & Values<Own>, words: string[], io: Io): Promise<number> | number
}

/** Checks a command's shape and keeps the types of its flags. */
export const defineCommand = <const Own extends FlagTable>(command: Command<Own>): Command<Own> => command

/** Commands of Packetbeat that do not exist here yet, with what there is instead. */
export const plannedCommands: Readonly<Record<string, string>> = {
  setup: 'index templates and dashboards come with the Elasticsearch output',
  keystore: 'references take environment variables: ${NAME}',
  completion: '`packetbeat-native help` lists commands and flags',
  'test output': '`packetbeat-native run` says at once when an output cannot be opened',
  'export template': 'index templates come with the Elasticsearch output',
  'export ilm-policy': 'lifecycle policies come with the Elasticsearch output',
  'export index-pattern': 'data views come with the Elasticsearch output',
  'export dashboard': 'dashboards come with the Elasticsearch output',
}
