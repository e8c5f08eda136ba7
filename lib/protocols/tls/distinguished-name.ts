import { dotted, type Element, expect, inside, OBJECT_IDENTIFIER, text } from './der.js'

/** A subject or an issuer, ECS's names; of several values of one attribute all, separated by spaces. */
export interface Name {
  common_name?: string
  country?: string
  distinguished_name?: string
  locality?: string
  organization?: string
  organizational_unit?: string
  postal_code?: string
  serial_number?: string
  state_or_province?: string
  street_address?: string
}

/** Attributes by their OID: ECS's name, and the short one of RFC 4514 §3. */
const attributes: Readonly<Record<string, readonly [keyof Name, string]>> = {
  '2.5.4.3': ['common_name', 'CN'],
  '2.5.4.5': ['serial_number', 'SERIALNUMBER'],
  '2.5.4.6': ['country', 'C'],
  '2.5.4.7': ['locality', 'L'],
  '2.5.4.8': ['state_or_province', 'ST'],
  '2.5.4.9': ['street_address', 'STREET'],
  '2.5.4.10': ['organization', 'O'],
  '2.5.4.11': ['organizational_unit', 'OU'],
  '2.5.4.17': ['postal_code', 'POSTALCODE'],
}

export interface NameRead {
  name: Name
  /** Hexadecimal contents of the attributes' OIDs, in their order: what JA4X is made of. */
  oids: readonly string[]
}

/** A Name, RFC 5280 §4.1.2.4. @throws {Malformed} */
export function distinguishedName(bytes: Buffer, element: Element): NameRead {
  const name: Name = {}
  const oids: string[] = []
  const relative: string[] = []
  for (const set of inside(bytes, element)) {
    const parts: string[] = []
    for (const pair of inside(bytes, set)) {
      const [type, value] = inside(bytes, pair)
      const oid = expect(type, OBJECT_IDENTIFIER)
      if (value === undefined) continue
      oids.push(bytes.hexSlice(oid.start, oid.end))
      const number = dotted(bytes, oid)
      const attribute = attributes[number]
      const read = text(bytes, value)
      if (attribute === undefined || read === undefined) {
        parts.push(`${number}=#${bytes.hexSlice(value.head, value.end)}`)
        continue
      }
      const [field, short] = attribute
      name[field] = name[field] === undefined ? read : `${name[field]} ${read}`
      parts.push(`${short}=${escaped(read)}`)
    }
    relative.push(parts.join('+'))
  }
  if (relative.length > 0) name.distinguished_name = relative.reverse().join(',')
  return { name, oids }
}

/** RFC 4514 §2.4. */
const escaped = (value: string): string =>
  value.replace(/[,+"\\<>;]|^[ #]| $/g, (character) => `\\${character}`)
