import { type Field, type Fields, filled } from '../../events/fields.js'
import type { SipMessage } from './message.js'
import { ipOf, type Media, type Sdp } from './sdp.js'

const ofSdp = ({ sdp }: SipMessage): Sdp | undefined => sdp

const field = (
  type: Field<SipMessage>['type'],
  description: string,
  value: (sdp: Sdp) => string | Media[] | undefined,
): Field<SipMessage> => ({
  type,
  description,
  of: ofSdp,
  value: ((sdp: Sdp) => filled(value(sdp))) as unknown as Field<SipMessage>['value'],
})

/** What a session description says, with parse_body. */
export const sdpFields: Fields<SipMessage> = {
  'sip.sdp.version': field('keyword', 'Version of SDP.', ({ version }) => version),
  'sip.sdp.owner.username': field(
    'keyword',
    'Login name of who made the session.',
    ({ username }) => username,
  ),
  'sip.sdp.owner.session_id': field('keyword', 'Number of the session.', ({ sessionId }) => sessionId),
  'sip.sdp.owner.version': field(
    'keyword',
    'Version of the description.',
    ({ sessionVersion }) => sessionVersion,
  ),
  'sip.sdp.owner.ip': field('ip', 'Address of who made the session.', ({ ownerHost }) => ipOf(ownerHost)),
  'sip.sdp.session.name': field('keyword', 'Name of the session.', ({ sessionName }) => sessionName),
  'sip.sdp.connection.info': field(
    'keyword',
    'Where media go, as it stands.',
    ({ connection }) => connection,
  ),
  'sip.sdp.connection.address': field(
    'keyword',
    'Address that media go to.',
    ({ connectionAddress }) => connectionAddress,
  ),
  'sip.sdp.media': {
    ...field(
      'object',
      'The media that are offered: type, port, protocol and codecs of each.',
      ({ media }) => media,
    ),
    list: true,
    members: {
      type: { type: 'keyword', always: true, description: 'audio, video, image, application ...' },
      port: { type: 'long', always: true, description: 'The port; 0: it is refused.' },
      protocol: { type: 'keyword', always: true, description: 'How it is sent, such as RTP/AVP.' },
      codecs: {
        type: 'keyword',
        list: true,
        always: true,
        description: 'Codecs by name, else formats by number.',
      },
    },
  },
  'sip.sdp.body.original': {
    ...field('text', 'The whole description.', ({ original }) => original),
    // It has line ends.
    json: JSON.stringify,
  },
}
