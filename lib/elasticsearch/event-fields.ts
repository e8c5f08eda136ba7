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
    for (const [name, { type, members }] of Object.entries(list)) {
      if (type !== 'object') all.set(name, special[name] ?? wider(all.get(name), type))
      // Its keys are whatever the network brings.
      else if (members === undefined) all.set(name, 'flattened')
      else
        for (const [member, inner] of Object.entries(members))
          all.set(`${name}.${member}`, inner.type === 'object' ? 'flattened' : inner.type)
    }
  return all
}

const wider = (known: MappingType | undefined, type: Exclude<FieldType, 'object'>): MappingType =>
  known === 'text' ? 'text' : type
