import { z } from 'zod'
import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { duration, MILLISECOND, MINUTE } from '../../options/duration.js'
import { sslOption } from '../../outputs/ssl/options.js'
import { tlsOptions } from '../../outputs/ssl/tls-options.js'
import { leaves, nameList } from '../options.js'
import { defineProcessor, type ProcessorContext } from '../processor.js'
import { type Known, Resolver } from './resolver.js'
import { parseServer, systemServers } from './servers.js'

const capacity = () =>
  z
    .strictObject({
      initial: z
        .int()
        .min(0)
        .default(1000)
        .describe('Accepted for upstream: memory is taken as it is needed.'),
      max: z.int().min(1).default(10_000).describe('Answers that are remembered; the oldest give way.'),
    })
    .prefault({})
    .describe('Size of the cache.')

const ports = { udp: 53, tls: 853 } as const

/** Asks name servers for the names of addresses, or for what names have. */
export const dns = defineProcessor({
  name: 'dns',
  title: 'asks name servers',
  options: z
    .strictObject({
      type: z
        .enum(['A', 'AAAA', 'TXT', 'PTR', 'reverse'])
        .describe('What is asked for; PTR, also called `reverse`: the name of an address.'),
      action: z
        .enum(['append', 'replace'])
        .default('append')
        .describe('Whether the answer is added to what its field has, or takes its place.'),
      fields: z
        .record(z.string(), z.unknown())
        .refine((tree) => [...leaves(tree)].length > 0, { message: 'needs the name of a field' })
        .refine((tree) => [...leaves(tree)].every(([, to]) => typeof to === 'string' && to !== ''), {
          message: 'must be names of fields: where the question is, and where the answer goes',
        })
        .describe('Fields with what is asked for, and the fields that answers are put into.'),
      success_cache: z
        .strictObject({
          capacity: capacity(),
          min_ttl: duration().default(MINUTE).describe('Answers are remembered at least that long.'),
        })
        .prefault({})
        .describe('Memory for answers, for as long as the name server says.'),
      failure_cache: z
        .strictObject({
          capacity: capacity(),
          ttl: duration().default(MINUTE).describe('How long.'),
        })
        .prefault({})
        .describe('Memory for questions without an answer.'),
      nameservers: z
        .array(z.string())
        .superRefine((list, context) => {
          for (const text of list)
            if (parseServer(text, 53) === undefined)
              context.addIssue({
                code: 'custom',
                message: `must be addresses of name servers, such as 192.0.2.1 or 192.0.2.1:53, not "${text}"`,
              })
        })
        .default([])
        .describe('Addresses of name servers; those of /etc/resolv.conf unless given.'),
      timeout: duration({ min: MILLISECOND })
        .default(500 * MILLISECOND)
        .describe('How long to wait for each name server. Other events go on meanwhile.'),
      tag_on_failure: nameList.default([]).describe('Tags of events that have no answer.'),
      transport: z
        .enum(['udp', 'tls'])
        .default('udp')
        .describe('How name servers are asked; `udp` turns to TCP for long answers.'),
      ssl: sslOption(),
    })
    .refine(({ nameservers, transport }) => transport === 'udp' || nameservers.length > 0, {
      message: 'needs nameservers, for those of the system do not speak TLS',
    }),
  create(options, context) {
    const { success_cache, failure_cache, nameservers, transport, timeout } = options
    const type = options.type === 'reverse' ? 'PTR' : options.type
    const port = ports[transport]
    const resolver = new Resolver(
      {
        type,
        servers: () =>
          nameservers.length === 0
            ? systemServers(port)
            : nameservers.flatMap((text) => parseServer(text, port) ?? []),
        tls: transport === 'tls' ? tlsOptions(options.ssl, context.run.facts.folder) : undefined,
        timeout: timeout / MILLISECOND,
        success: { most: success_cache.capacity.max, minTtl: success_cache.min_ttl / MILLISECOND },
        failure: { most: failure_cache.capacity.max, ttl: failure_cache.ttl / MILLISECOND },
      },
      context,
    )
    const lookups = [...leaves(options.fields)].map(([from, to]) => ({
      from: field(from),
      to: field(to as string),
    }))
    const put = putter(options.action, type === 'PTR')
    const tags = tagger(options.tag_on_failure)
    return (event) => {
      const questions = lookups.flatMap(({ from, to }) => {
        const value = from.get(event)
        if (value === undefined) return []
        const known: Known | Promise<Known> =
          typeof value === 'string' ? resolver.lookup(value) : { failure: 'it is no text' }
        return { to, from: from.name, known }
      })
      const apply = (answers: readonly Known[]): Document => {
        let failures = 0
        for (const [index, answer] of answers.entries()) {
          const { to, from } = questions[index] as (typeof questions)[number]
          const wrong = 'failure' in answer ? answer.failure : put(event, to, answer.values)
          if (wrong === undefined) continue
          failures++
          context.failed(`${from}: ${wrong}`)
        }
        if (failures > 0) tags(event, context)
        return event
      }
      const answers = questions.map(({ known }) => known)
      return answers.some((known) => known instanceof Promise)
        ? Promise.all(answers).then(apply)
        : apply(answers as Known[])
    }
  },
})

/** Puts values where they belong, a single one of them if `scalar`; answers what is wrong. */
function putter(action: 'append' | 'replace', scalar: boolean) {
  return (event: Document, to: ReturnType<typeof field>, values: readonly string[]): string | undefined => {
    const value = scalar ? values[0] : [...values]
    const present = action === 'append' ? to.get(event) : undefined
    const done = to.put(event, present === undefined ? value : [present, value].flat())
    return done === undefined ? `a part of ${to.name} is a field that is no object` : undefined
  }
}

const list = field('tags')

function tagger(tags: readonly string[]) {
  return (event: Document, context: ProcessorContext): void => {
    if (tags.length === 0) return
    const present = [list.get(event) ?? []].flat()
    const missing = tags.filter((tag) => !present.includes(tag))
    if (missing.length > 0 && list.put(event, [...present, ...missing]) === undefined)
      context.failed('the field tags is there and no list')
  }
}
