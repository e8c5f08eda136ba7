import { type Fields, filled, type Members, type Value } from '../../events/fields.js'
import { printedOnce, quoted } from '../../events/json.js'
import type { Extensions } from './extension-list.js'
import { extensionNames, SERVER_NAME, SESSION_TICKET } from './extensions.js'
import type { Hello } from './hello.js'
import { detailed, field, type PartOf, plain } from './part.js'
import type { TlsTransaction } from './transaction.js'

/** The fields that both hellos have in `tls.detailed`. */
export function helloFields(side: 'client' | 'server'): Fields<TlsTransaction> {
  const prefix = `tls.detailed.${side}_hello`
  const hello: PartOf<Hello> = detailed((transaction) =>
    side === 'client' ? transaction.client : transaction.server,
  )
  const extensions: PartOf<Extensions> = (transaction) => hello(transaction)?.extensions
  return {
    [`${prefix}.version`]: plain(
      hello,
      `Version in the ${side}’s hello, such as 3.3 for TLS 1.2.`,
      ({ version }) => `${version >> 8}.${version & 0xff}`,
    ),
    [`${prefix}.random`]: plain(hello, `The ${side}’s random, hexadecimal.`, ({ random }) => random),
    [`${prefix}.session_id`]: plain(
      hello,
      `Session id in the ${side}’s hello, hexadecimal.`,
      ({ sessionId }) => filled(sessionId),
    ),
    ...Object.fromEntries(
      extensionNames.map(([type, name]) => [
        `${prefix}.extensions.${name}`,
        field(hello, {
          ...(name === 'status_request'
            ? { type: 'object', members: statusRequest }
            : { type: 'keyword', list: 'or one' }),
          description: `Extension ${name} of the ${side}’s hello.`,
          value: saidBy(type),
          json: (value) => (typeof value === 'string' ? quoted(value) : printedOnce(value as object)),
        }),
      ]),
    ),
    [`${prefix}.extensions._unparsed_`]: field(extensions, {
      type: 'keyword',
      list: true,
      description: `Extensions of the ${side}’s hello that are not decoded.`,
      value: ({ unparsed }) => filled(unparsed),
      json: (names) => `["${names.join('","')}"]`,
    }),
  }
}

const statusRequest: Members = {
  response: { type: 'boolean', description: 'The server answers with a status.' },
  type: { type: 'keyword', description: 'How the client wants to be told: ocsp.' },
  request_extensions: { type: 'long', description: 'Bytes of its extensions.' },
  responder_id_list_length: { type: 'long', description: 'Bytes of the list of responders.' },
}

/** What an extension of that type says. */
function saidBy(type: number): (hello: Hello) => Value {
  if (type === SERVER_NAME) return ({ own }) => own.serverNames
  if (type === SESSION_TICKET) return ({ own }) => own.ticket
  return ({ extensions }) => extensions.byType.get(type)?.value
}
