import { commonFields } from '../events/common.js'
import type { Field, FieldType } from '../events/fields.js'
import { flowFields } from '../flows/fields.js'
import { protocols as own } from '../protocols/index.js'
import { addedFields } from './added-fields.js'
import type { MappingType } from './mapping.js'

type Typed = Readonly<Record<string, Pick<Field<never, never>, 'type' | 'members'>>>

// As the Elastic Common Schema maps them, where that is more than their type.
const special: Readonly<Record<string, MappingType>> = {
  'error.message': 'match_only_text',
  'event.original': 'stored_text',
  'http.request.body.content': 'wildcard',
  'http.response.body.content': 'wildcard',
  'url.full': 'wildcard',
}

const name =
  'keyword: common_name country distinguished_name locality organization organizational_unit postal_code serial_number state_or_province street_address'

const certificate = [
  'keyword: alternative_names public_key_algorithm public_key_curve serial_number signature_algorithm',
  'long: public_key_size public_key_exponent version_number',
  'date: not_after not_before',
  ...['subject', 'issuer'].map((who) => name.replaceAll(/ (\w+)/g, ` ${who}.$1`)),
]

const record = [
  'keyword: algorithm class data digest_type expiration flags hash inception iterations key_tag labels name original_ttl protocol rname salt signer_name ttl type type_bits type_covered',
  'long: expire minimum port preference priority refresh retry serial weight',
]

// What is inside of the objects whose keys are known; all others take whatever keys the network brings.
const members: Readonly<Record<string, readonly string[]>> = {
  'dns.answers': record,
  'dns.authorities': record,
  'dns.additionals': record,
  'memcache.response.stats': ['keyword: name value'],
  'sip.sdp.media': ['keyword: codecs protocol type', 'long: port'],
  'tls.client.x509': certificate,
  'tls.server.x509': certificate,
  'tls.detailed.client_certificate_chain': certificate,
  'tls.detailed.server_certificate_chain': certificate,
  'tls.detailed.alerts': ['keyword: severity source type', 'long: code'],
  'tls.detailed.client_hello.extensions.status_request': [
    'keyword: type',
    'long: request_extensions responder_id_list_length',
  ],
}

/**
 * All fields that events may have, by their full names. Where protocols differ about one, it is text. `protocols`: ours, and
 * those of plug-ins.
 */
export function eventFields(protocols: readonly { fields: object }[] = own): Map<string, MappingType> {
  const direction = () => ''
  const lists = [
    commonFields(direction),
    flowFields(direction),
    ...protocols.map(({ fields }) => fields),
  ] as unknown as Typed[]
  const all = new Map<string, MappingType>(addedFields)
  for (const list of lists)
    for (const [name, { type, members: described }] of Object.entries(list)) {
      if (type !== 'object') all.set(name, special[name] ?? wider(all.get(name), type))
      else if (name in members) for (const [member, kind] of insideOf(name)) all.set(member, kind)
      else if (described === undefined) all.set(name, 'flattened')
      else
        for (const [member, inner] of Object.entries(described))
          all.set(`${name}.${member}`, inner.type === 'object' ? 'flattened' : inner.type)
    }
  return all
}

const wider = (known: MappingType | undefined, type: Exclude<FieldType, 'object'>): MappingType =>
  known === 'text' ? 'text' : type

const insideOf = (name: string): (readonly [string, MappingType])[] =>
  (members[name] ?? []).flatMap((line) => {
    const [type, list] = line.split(': ') as [MappingType, string]
    return list.split(' ').map((member) => [`${name}.${member}`, type] as const)
  })
