import { z } from 'zod'
import { field, isObject, type Undo } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { duration, SECOND } from '../options/duration.js'
import { containerOf } from '../proc/cgroup.js'
import { readEnvironment, readProcess, userNames } from '../proc/process.js'
import { nameList } from './options.js'
import { defineProcessor } from './processor.js'
import { compileRegExp, regExpText } from './regexp.js'
import { Remembered } from './remembered.js'

// Processes that are remembered, and how long in milliseconds: a number may soon be that of another one.
const MOST = 4096
const TTL = 30_000

const RESTRICTED = ['process.env']
const FIELDS = [
  'process.name',
  'process.title',
  'process.executable',
  'process.args',
  'process.pid',
  'process.parent.pid',
  'process.start_time',
  'process.owner.id',
  'process.owner.name',
  'container.id',
]

const all = [...FIELDS, ...RESTRICTED]
const isPart = (name: string, wanted: string): boolean => name === wanted || name.startsWith(`${wanted}.`)

/** Adds what the machine knows of a process whose number an event has. */
export const addProcessMetadata = defineProcessor({
  name: 'add_process_metadata',
  title: 'adds what the machine knows of a process',
  options: z
    .strictObject({
      match_pids: nameList
        .min(1)
        .describe('Fields with numbers of processes; the first that is running counts.'),
      target: z.string().default('').describe('Below which field it is put; empty: at the top.'),
      include_fields: nameList
        .optional()
        .describe('What is added, such as `process.name`; all that is not restricted unless given.'),
      ignore_missing: z
        .boolean()
        .default(true)
        .describe('An event without a number of a process is no error.'),
      overwrite_keys: z.boolean().default(false).describe('Replaces fields that are there already.'),
      restricted_fields: z
        .boolean()
        .default(false)
        .describe('Also what may have secrets in it: `process.env`, the environment.'),
      host_path: z.string().min(1).default('/').describe('Where the file system of the host is mounted.'),
      cgroup_prefixes: nameList
        .optional()
        .describe('Control groups below these are of containers, by the id that is their last part.'),
      cgroup_regex: regExpText
        .optional()
        .describe(
          'What an id of a container looks like in the path of a control group: the first group of it.',
        ),
      cgroup_cache_expire_time: duration()
        .default(30 * SECOND)
        .describe('How long processes are remembered, 30 seconds at most; 0: not at all.'),
    })
    .superRefine(({ include_fields, restricted_fields }, context) => {
      for (const name of include_fields ?? [])
        if (!all.some((one) => isPart(one, name)))
          context.addIssue({
            code: 'custom',
            path: ['include_fields'],
            message: `must be of ${all.join(', ')}, not ${name}`,
          })
        else if (!restricted_fields && !FIELDS.some((one) => isPart(one, name)))
          context.addIssue({
            code: 'custom',
            path: ['include_fields'],
            message: `${name} is only for those who set restricted_fields`,
          })
    }),
  create(options, context) {
    const { target, host_path, overwrite_keys, ignore_missing } = options
    const before = target === '' ? '' : `${target}.`
    const allowed = options.restricted_fields ? all : FIELDS
    const wanted = allowed.filter((name) => options.include_fields?.some((one) => isPart(name, one)) ?? true)
    const fields = wanted.map((name) => ({ name, to: field(before + name) }))
    const pids = options.match_pids.map(field)
    const known = new Remembered<Document | null>(MOST)
    const ttl = Math.min(options.cgroup_cache_expire_time / 1e6, TTL)
    const cgroups = {
      hostPath: host_path,
      ...(options.cgroup_regex !== undefined && { pattern: compileRegExp(options.cgroup_regex) }),
      ...(options.cgroup_prefixes !== undefined && { prefixes: options.cgroup_prefixes }),
    }
    const users = new Remembered<Map<number, string>>(1)

    function describe(pid: number, now: number): Document | undefined {
      const key = String(pid)
      const remembered = known.get(key, now)
      if (remembered !== undefined) return remembered ?? undefined
      let names = users.get('', now)
      if (names === undefined) {
        names = userNames(host_path)
        users.set('', names, now + TTL)
      }
      const facts = factsOf(pid, names)
      known.set(key, facts ?? null, now + ttl)
      context.count('reads')
      return facts
    }

    function factsOf(pid: number, names: Map<number, string>): Document | undefined {
      const found = readProcess(pid, host_path)
      if (found === undefined) return undefined
      const { name, args, executable, parent, start, user } = found
      return {
        'process.name': name,
        'process.title': args.length > 0 ? args.join(' ') : undefined,
        'process.executable': executable,
        'process.args': args.length > 0 ? args : undefined,
        'process.pid': pid,
        'process.parent.pid': parent > 0 ? parent : undefined,
        'process.start_time': start?.toISOString(),
        'process.owner.id': user === undefined ? undefined : String(user),
        'process.owner.name': user === undefined ? undefined : names.get(user),
        'process.env': wanted.includes('process.env') ? readEnvironment(pid, host_path) : undefined,
        'container.id': wanted.includes('container.id') ? containerOf(pid, cgroups) : undefined,
      }
    }

    return (event) => {
      const now = performance.now()
      let numbers = 0
      for (const each of pids) {
        const pid = each.get(event)
        if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) continue
        numbers++
        const facts = describe(pid, now)
        if (facts === undefined) continue
        const wrong = put(event, fields, facts, overwrite_keys)
        if (wrong !== undefined) context.failed(wrong)
        return event
      }
      if (numbers > 0) context.failed('there is no such process any more')
      else if (!ignore_missing) context.failed(`none of ${options.match_pids.join(', ')} is there`)
      return event
    }
  },
})

/** All or nothing; answers what is wrong. */
function put(
  event: Document,
  fields: readonly { name: string; to: ReturnType<typeof field> }[],
  facts: Document,
  overwrite: boolean,
): string | undefined {
  const undo: Undo[] = []
  const back = (wrong: string): string => {
    while (undo.length > 0) undo.pop()?.()
    return wrong
  }
  for (const { name, to } of fields) {
    const value = facts[name]
    if (value === undefined) continue
    const present = to.get(event)
    // The number it was found by is there, of course.
    if (present === value) continue
    if (present !== undefined && !overwrite)
      return back(`the field ${to.name} is there already; set overwrite_keys to replace it`)
    const done = to.put(event, Array.isArray(value) ? [...value] : isObject(value) ? { ...value } : value)
    if (done === undefined) return back(`a part of ${to.name} is a field that is no object`)
    undo.push(done)
  }
  return undefined
}
