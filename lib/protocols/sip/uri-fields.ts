import { type Field, type Fields, filled } from '../../events/fields.js'
import type { Address } from './address.js'
import type { SipMessage } from './message.js'
import { parameter } from './text.js'
import type { Uri } from './uri.js'

type Of<Part> = (message: SipMessage) => Part | undefined

/** The fields of one URI of a message; `who` it is of. */
export function uriFields(prefix: string, who: string, of: Of<Uri>): Fields<SipMessage> {
  const field = (
    type: Field<SipMessage>['type'],
    description: string,
    value: (uri: Uri) => string | number,
  ) => ({
    type,
    description,
    of,
    value: ((uri: Uri) => filled(value(uri))) as unknown as Field<SipMessage>['value'],
  })
  return {
    [`${prefix}.original`]: field('keyword', `The URI ${who}.`, (uri) => uri.original),
    [`${prefix}.scheme`]: {
      ...field('keyword', `Scheme of the URI ${who}: sip, sips, tel.`, (uri) => uri.scheme),
      plain: true,
    },
    [`${prefix}.username`]: field('keyword', `User in the URI ${who}.`, (uri) => uri.username),
    [`${prefix}.host`]: field('keyword', `Host in the URI ${who}.`, (uri) => uri.host),
    [`${prefix}.port`]: field('long', `Port in the URI ${who}.`, (uri) => uri.port),
  }
}

/** A field of an address. */
const ofAddress = (
  of: Of<Address>,
  description: string,
  value: (address: Address) => string | undefined,
): Field<SipMessage> => ({
  type: 'keyword',
  description,
  of,
  value: ((address: Address) => filled(value(address))) as unknown as Field<SipMessage>['value'],
})

/** From and To. */
export const partyFields = (name: 'from' | 'to', who: string, of: Of<Address>): Fields<SipMessage> => ({
  [`sip.${name}.display_info`]: ofAddress(of, `Name of ${who} for people.`, ({ display }) => display),
  [`sip.${name}.tag`]: ofAddress(of, `What tells the dialogs of ${who} apart.`, ({ tag }) => tag),
  ...uriFields(`sip.${name}.uri`, `of ${who}`, (message) => of(message)?.uri),
})

const ofContact: Of<Address> = ({ contact }) => contact

export const contactFields: Fields<SipMessage> = {
  'sip.contact.display_info': ofAddress(
    ofContact,
    'Name of the contact for people.',
    ({ display }) => display,
  ),
  'sip.contact.expires': ofAddress(ofContact, 'Seconds that the contact is valid.', ({ parameters }) =>
    parameter(parameters, 'expires'),
  ),
  'sip.contact.q': ofAddress(ofContact, 'How much the contact is preferred, from 0 to 1.', ({ parameters }) =>
    parameter(parameters, 'q'),
  ),
  'sip.contact.line': ofAddress(ofContact, 'The line of a phone that the contact is.', ({ uri }) =>
    parameter(uri.rest, 'line'),
  ),
  'sip.contact.transport': ofAddress(ofContact, 'The transport that the contact asks for.', ({ uri }) =>
    parameter(uri.rest, 'transport'),
  ),
  ...uriFields(
    'sip.contact.uri',
    'of the Contact header, where one is reached directly',
    ({ contact }) => contact?.uri,
  ),
}
