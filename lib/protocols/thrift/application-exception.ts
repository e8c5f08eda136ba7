import { NO_SHAPE, type Shape } from './shapes.js'

/** Why a server could not serve a call, by its number. */
const types = [
  'UNKNOWN',
  'UNKNOWN_METHOD',
  'INVALID_MESSAGE_TYPE',
  'WRONG_METHOD_NAME',
  'BAD_SEQUENCE_ID',
  'MISSING_RESULT',
  'INTERNAL_ERROR',
  'PROTOCOL_ERROR',
  'INVALID_TRANSFORM',
  'INVALID_PROTOCOL',
  'UNSUPPORTED_CLIENT_TYPE',
]

/** What a server answers when no method did. Spec: thrift-rpc.md, "TApplicationException". */
export const APPLICATION_EXCEPTION: Shape = {
  ...NO_SHAPE,
  fields: new Map([
    [1, { label: 'message: ', shape: undefined }],
    [2, { label: 'type: ', shape: { ...NO_SHAPE, names: new Map(types.entries()) } }],
  ]),
}
