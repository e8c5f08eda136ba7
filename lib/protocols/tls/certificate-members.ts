import type { Members } from '../../events/fields.js'

const text = (description: string) => ({ type: 'keyword', description }) as const

const name = (whose: string, who: string): Members =>
  Object.fromEntries(
    Object.entries({
      distinguished_name: 'all of it',
      common_name: 'common name',
      country: 'country',
      locality: 'place',
      organization: 'organization',
      organizational_unit: 'department',
      postal_code: 'postal code',
      serial_number: 'serial number among its like',
      state_or_province: 'state or province',
      street_address: 'street',
    }).map(([part, what]) => [`${whose}.${part}`, text(`${who}: ${what}.`)]),
  )

/** What a certificate of an event may have: `X509`. */
export const certificateMembers: Members = {
  ...name('subject', 'Who it is for'),
  ...name('issuer', 'Who issued it'),
  alternative_names: { ...text('Names and addresses that it is valid for.'), list: true },
  not_before: { type: 'date', description: 'Since when it is valid.' },
  not_after: { type: 'date', description: 'Until when it is valid.' },
  serial_number: { ...text('Its number, in decimal.'), always: true },
  signature_algorithm: { ...text('How it is signed.'), always: true },
  public_key_algorithm: { ...text('The kind of its key.'), always: true },
  public_key_size: { type: 'long', description: 'Bits of its key.' },
  version_number: { type: 'long', always: true, description: 'Its version: 1 to 3.' },
}
