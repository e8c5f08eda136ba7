import type { ParseArgsOptionDescriptor } from './parse.js'

/** A flag: its long name is its key; `short` is the same with one dash. */
export interface Flag extends ParseArgsOptionDescriptor {
  /** What stands for its value in the help. */
  value?: string
  help: string
}

/** Of all commands. */
export const globalFlags = {
  c: {
    type: 'string',
    short: 'c',
    multiple: true,
    value: 'FILE',
    help: 'Configuration file; repeat it to lay one over the other.',
  },
  E: {
    type: 'string',
    short: 'E',
    multiple: true,
    value: 'KEY=VALUE',
    help: 'Set one setting, whatever the files say. The value is YAML.',
  },
  e: { type: 'boolean', short: 'e', help: 'Log to standard error instead of files.' },
  v: { type: 'boolean', short: 'v', help: 'Log at level info.' },
  d: {
    type: 'string',
    short: 'd',
    value: 'LIST',
    help: 'Log at level debug for these parts, separated by commas; * for all.',
  },
  environment: {
    type: 'string',
    value: 'NAME',
    help: 'Where it runs: default, systemd, container, macos_service, windows_service.',
  },
  'path.home': {
    type: 'string',
    value: 'DIR',
    help: 'Base of the other directories (the current directory).',
  },
  'path.config': { type: 'string', value: 'DIR', help: 'Directory of the configuration (path.home).' },
  'path.data': {
    type: 'string',
    value: 'DIR',
    help: 'Directory for what the program remembers (path.home/data).',
  },
  'path.logs': { type: 'string', value: 'DIR', help: 'Directory of the log files (path.home/logs).' },
  'strict.perms': {
    type: 'string',
    value: 'true|false',
    help: 'Refuse configuration files that others may write (true).',
  },
  help: { type: 'boolean', short: 'h', help: 'Say what a command does.' },
  version: { type: 'boolean', help: 'Print the version, as the command does.' },
} as const satisfies Record<string, Flag>

/** Of `run`. */
export const runFlags = {
  I: {
    type: 'string',
    short: 'I',
    value: 'FILE',
    help: 'Read a capture file (pcap, pcapng, gzipped too) instead of an interface; - for standard input.',
  },
  realtime: {
    type: 'boolean',
    help: 'Read the file at the pace it was recorded, stamped with the current time.',
  },
  t: {
    type: 'boolean',
    short: 't',
    help: 'Read the file as fast as possible with its own time stamps; so it is without the flag, too.',
  },
  l: { type: 'string', short: 'l', value: 'N', help: 'Read the file N times; 0: for ever.' },
  O: { type: 'boolean', short: 'O', help: 'Accepted, not available yet: wait for Enter before each packet.' },
  dump: { type: 'string', value: 'PREFIX', help: 'Also write every packet to PREFIX-<timestamp>.pcap.' },
  N: { type: 'boolean', short: 'N', help: 'Do everything but publish.' },
} as const satisfies Record<string, Flag>

/** Of other commands, each of which names those it takes. */
export const commandFlags = {
  force: { type: 'boolean', help: 'Do not ask before something is replaced.' },
  stdin: { type: 'boolean', help: 'Read the secret from standard input.' },
  'index-management': { type: 'boolean', help: 'Load lifecycle policy, index template and data stream.' },
  pipelines: { type: 'boolean', help: 'Load the ingest pipelines.' },
  dashboards: { type: 'boolean', help: 'Load the dashboards into Kibana.' },
  'es.version': {
    type: 'string',
    value: 'VERSION',
    help: 'The version of Elasticsearch that it is for (the newest).',
  },
  dir: { type: 'string', value: 'DIR', help: 'Write a file into this directory instead.' },
  noilm: { type: 'boolean', help: 'Without a lifecycle policy.' },
  id: { type: 'string', value: 'ID', help: 'One dashboard: of ours, else of Kibana.' },
  yml: {
    type: 'string',
    value: 'FILE',
    help: 'The dashboards that this file lists: `dashboards: [{id, file}]`.',
  },
  folder: { type: 'string', value: 'DIR', help: 'Write into this directory instead.' },
  json: { type: 'boolean', help: 'Print one JSON document, for machines.' },
} as const satisfies Record<string, Flag>

/** Flags of Packetbeat that mean nothing here, with what to do instead. */
export const foreignFlags: Readonly<Record<string, string>> = {
  httpprof: 'run it by `node --inspect`',
  cpuprofile: 'run it by `node --cpu-prof`',
  memprofile: 'run it by `node --heap-prof`',
  waitstop: 'set packetbeat.shutdown_timeout',
  devices: 'use the command `devices`',
}
