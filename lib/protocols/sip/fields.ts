import { defineFields, filled } from '../../events/fields.js'
import type { SipMessage } from './message.js'
import { addresses, hosts, users } from './related.js'
import { sdpFields } from './sdp-fields.js'
import { contactFields, partyFields, uriFields } from './uri-fields.js'

const AUTHENTICATION: readonly string[] = ['network', 'authentication']
const NETWORK: readonly string[] = ['network']

export const fields = defineFields<SipMessage>({
  'event.category': {
    type: 'keyword',
    always: true,
    list: true,
    description: 'network, and authentication where somebody logs in.',
    value: ({ hasCredentials }) => (hasCredentials ? AUTHENTICATION : NETWORK),
  },
  'event.action': {
    type: 'keyword',
    description: 'sip- and the method in lower case; of a response that of its CSeq.',
    value: ({ method, sequenceMethod }) => `sip-${(method || sequenceMethod).toLowerCase()}`,
  },
  'event.outcome': {
    type: 'keyword',
    plain: true,
    description: 'success of a response 2xx, failure of 3xx to 6xx.',
    value: ({ code }) => (code < 200 ? undefined : code < 300 ? 'success' : 'failure'),
  },
  'event.reason': {
    type: 'keyword',
    description: 'The phrase of a response.',
    value: ({ phrase }) => filled(phrase),
  },
  'event.sequence': {
    type: 'long',
    description: 'The number of CSeq.',
    value: ({ sequence }) => filled(sequence),
  },
  'event.original': {
    type: 'text',
    // It has line ends.
    json: JSON.stringify,
    description:
      'The whole message, with keep_original; of a body over TCP that is too long only the header.',
    value: ({ original }) => original,
  },
  'network.application': {
    type: 'keyword',
    description: 'sip.',
    ofConversation: true,
    value: () => 'sip',
  },
  'network.iana_number': {
    type: 'keyword',
    description: 'Number of the transport: 17 for UDP, 6 for TCP.',
    ofConversation: true,
    value: (_, { protocol }) => String(protocol),
  },
  'related.ip': {
    type: 'ip',
    always: true,
    list: true,
    description: 'All addresses of the event; those of a session description first.',
    ofConversation: true,
    value: (_, { sourceIp, destinationIp }) => [...new Set([sourceIp, destinationIp])],
    own: (message, { sourceIp, destinationIp }) => {
      const described = addresses(message)
      return described === undefined ? undefined : [...new Set([...described, sourceIp, destinationIp])]
    },
  },
  'related.user': {
    type: 'keyword',
    list: true,
    description: 'Everybody that the message names.',
    value: users,
  },
  'related.hosts': {
    type: 'keyword',
    list: true,
    description: 'Every host that the message names.',
    value: hosts,
  },
  'user.name': {
    type: 'keyword',
    description: 'Who logs in, with parse_authorization.',
    value: ({ authorization }) => filled(authorization?.username),
  },
  'sip.type': {
    type: 'keyword',
    plain: true,
    description: 'request or response.',
    value: ({ isRequest }) => (isRequest ? 'request' : 'response'),
  },
  'sip.version': {
    type: 'keyword',
    plain: true,
    description: 'Version of SIP.',
    value: ({ version }) => version,
  },
  'sip.method': {
    type: 'keyword',
    description: 'Method of a request, in upper case.',
    value: ({ method }) => filled(method),
  },
  'sip.code': { type: 'long', description: 'Status code of a response.', value: ({ code }) => filled(code) },
  'sip.status': {
    type: 'keyword',
    description: 'The phrase of a response.',
    value: ({ phrase }) => filled(phrase),
  },
  'sip.call_id': {
    type: 'keyword',
    description: 'What all messages of a call or a registration have in common.',
    value: ({ callId }) => filled(callId),
  },
  'sip.cseq.code': {
    type: 'long',
    description: 'Number of the request in its dialog.',
    value: ({ sequence }) => filled(sequence),
  },
  'sip.cseq.method': {
    type: 'keyword',
    description: 'Method of the request, in upper case.',
    value: ({ sequenceMethod }) => filled(sequenceMethod),
  },
  'sip.response_time': {
    type: 'long',
    description: 'Nanoseconds from the request to this response: until it rings, until it is answered.',
    value: ({ responseTime }) => responseTime,
  },
  'sip.call_duration': {
    type: 'long',
    description: 'Of a BYE: nanoseconds since the call was answered.',
    value: ({ callDuration }) => callDuration,
  },
  'sip.retransmission': {
    type: 'boolean',
    description: 'true: the same request or final response was seen before.',
    value: ({ isRetransmission }) => isRetransmission || undefined,
  },
  'sip.via.original': {
    type: 'keyword',
    list: true,
    description: 'The way of the request, the last hop first.',
    value: ({ via }) => filled(via),
  },
  'sip.max_forwards': {
    type: 'long',
    description: 'Hops that the request may still take.',
    value: ({ maxForwards }) => filled(maxForwards),
  },
  'sip.allow': {
    type: 'keyword',
    list: true,
    description: 'Methods that the sender understands, in lower case.',
    value: ({ allow }) => filled(allow),
  },
  'sip.supported': {
    type: 'keyword',
    list: true,
    description: 'Extensions that the sender understands.',
    value: ({ supported }) => filled(supported),
  },
  'sip.accept': {
    type: 'keyword',
    description: 'Types of bodies that the sender understands.',
    value: ({ accept }) => filled(accept),
  },
  'sip.content_type': {
    type: 'keyword',
    description: 'Type of the body.',
    value: ({ contentType }) => filled(contentType),
  },
  'sip.content_length': {
    type: 'long',
    description: 'Bytes of the body, as the message says.',
    value: ({ contentLength }) => (contentLength === -1 ? undefined : filled(contentLength)),
  },
  'sip.user_agent.original': {
    type: 'keyword',
    description: 'Program or phone of who sends.',
    value: ({ userAgent }) => filled(userAgent),
  },
  'sip.auth.scheme': {
    type: 'keyword',
    description: 'How somebody logs in, or is asked to: Digest; with parse_authorization.',
    value: ({ authorization }) => filled(authorization?.scheme),
  },
  'sip.auth.realm': {
    type: 'keyword',
    description: 'Where somebody logs in.',
    value: ({ authorization }) => filled(authorization?.realm),
  },
  ...uriFields('sip.auth.uri', 'that somebody logs in for', ({ authorization }) => authorization?.uri),
  ...uriFields('sip.uri', 'that the request is for', ({ uri }) => uri),
  ...partyFields('from', 'who asks', ({ from }) => from),
  ...partyFields('to', 'who is asked for', ({ to }) => to),
  ...contactFields,
  ...uriFields('sip.private.uri', 'of the P-Associated-URI header', ({ associated }) => associated?.uri),
  ...sdpFields,
})
