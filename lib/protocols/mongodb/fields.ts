import { defineFields, filled, type Transaction } from '../../events/fields.js'
import { rememberedQuoted } from '../../events/json.js'
import type { Identified } from '../../transactions/by-id.js'
import type { Request } from './command.js'
import type { Compressor } from './compression.js'
import type { Reply } from './reply.js'

/** A request and its reply. */
export interface MongodbTransaction extends Transaction, Identified {
  request: Request
  /** undefined: none came, or none is to come. */
  reply: Reply | undefined
  /** Whose connection it is. */
  user: string | undefined
  compressor: Compressor | undefined
}

type Of<V> = (transaction: MongodbTransaction) => V | undefined

const long = (description: string, value: Of<number>) => ({ type: 'long' as const, description, value })
const keyword = (description: string, value: Of<string>) => ({ type: 'keyword' as const, description, value })

export const fields = defineFields<MongodbTransaction>({
  method: {
    type: 'keyword',
    description: 'The command as it was sent: find, insert, getMore; or the operation of before OP_MSG.',
    plain: true,
    value: ({ request }) => request.method,
  },
  resource: {
    type: 'keyword',
    description: 'Database and collection; database.$cmd for commands that concern no collection.',
    json: rememberedQuoted(),
    value: ({ request }) => request.resource,
  },
  query: {
    type: 'keyword',
    description:
      'What was asked, as one would type it: without what is written and without what differs from session to session.',
    value: ({ request }) => request.query,
  },
  request: {
    type: 'text',
    description: 'The whole command with its documents as relaxed Extended JSON, with send_request.',
    value: ({ request }) => request.text,
  },
  response: {
    type: 'text',
    description: 'The documents of the reply as relaxed Extended JSON, one a line, with send_response.',
    value: ({ reply }) => reply?.text,
  },
  'user.name': keyword(
    'Who logged in on this connection; of a login that fails, who tried.',
    ({ user }) => user,
  ),
  'mongodb.error': {
    type: 'text',
    description: 'What the server says went wrong; of several writes that failed, the first.',
    value: ({ reply }) => (reply?.failed ? reply.error : undefined),
  },
  'mongodb.code': long('The number of the error.', ({ reply }) => (reply?.failed ? reply.code : undefined)),
  'mongodb.codeName': {
    ...keyword('The name of the error: DuplicateKey, Unauthorized.', ({ reply }) =>
      reply?.failed ? filled(reply.codeName) : undefined,
    ),
  },
  'mongodb.writeErrors': long('How many writes of a command failed.', ({ reply }) =>
    filled(reply?.writeErrors),
  ),
  'mongodb.cursorId': keyword(
    'The cursor that a find opened, or from which a getMore took its documents.',
    ({ request, reply }) => request.cursorId ?? (reply?.cursorId === '0' ? undefined : reply?.cursorId),
  ),
  'mongodb.numberReturned': long(
    'Documents in the reply: of a cursor those of its batch.',
    ({ reply }) => reply?.numberReturned,
  ),
  'mongodb.startingFrom': long(
    'Where in the cursor the reply begins, OP_REPLY.',
    ({ reply }) => reply?.startingFrom,
  ),
  'mongodb.n': long(
    'Documents that were inserted, deleted, counted, or matched by an update.',
    ({ reply }) => reply?.n,
  ),
  'mongodb.nModified': long('Documents that an update changed.', ({ reply }) => reply?.nModified),
  'mongodb.nMatched': long('Documents that bulkWrite matched.', ({ reply }) => reply?.nMatched),
  'mongodb.nInserted': long('Documents that bulkWrite inserted.', ({ reply }) => reply?.nInserted),
  'mongodb.nUpserted': long('Documents that bulkWrite upserted.', ({ reply }) => reply?.nUpserted),
  'mongodb.nDeleted': long('Documents that bulkWrite deleted.', ({ reply }) => reply?.nDeleted),
  'mongodb.fullCollectionName': keyword(
    'The collection as operations of before OP_MSG name it.',
    ({ request }) => request.old?.fullCollectionName,
  ),
  'mongodb.numberToSkip': long(
    'Documents to leave out, OP_QUERY.',
    ({ request }) => request.old?.numberToSkip,
  ),
  'mongodb.numberToReturn': long(
    'Documents wanted in the first reply, OP_QUERY and OP_GET_MORE; negative: and no more than that.',
    ({ request }) => request.old?.numberToReturn,
  ),
  'mongodb.returnFieldsSelector': keyword(
    'Which fields of the documents are wanted, OP_QUERY.',
    ({ request }) => request.old?.returnFieldsSelector,
  ),
  'mongodb.selector': keyword(
    'Which documents are meant, OP_UPDATE and OP_DELETE.',
    ({ request }) => request.old?.selector,
  ),
  'mongodb.update': keyword('What to make of them, OP_UPDATE.', ({ request }) => request.old?.update),
  'mongodb.message': keyword('A text for diagnosis, OP_MSG of old.', ({ request }) => request.old?.message),
  'mongodb.compressor': keyword(
    'How the request is compressed: snappy, zlib, zstd, noop.',
    ({ compressor }) => compressor,
  ),
  'mongodb.application': keyword(
    'Name that the client gives itself, in hello.',
    ({ request }) => request.session?.application,
  ),
  'mongodb.driver': keyword(
    'Name and version of the client’s driver, in hello.',
    ({ request }) => request.session?.driver,
  ),
  'mongodb.mechanism': keyword(
    'How a client logs in: SCRAM-SHA-256, MONGODB-X509.',
    ({ request }) => request.session?.mechanism,
  ),
  'mongodb.setName': keyword('Replica set of the server, in its answer to hello.', ({ reply }) =>
    filled(reply?.setName),
  ),
  'mongodb.maxWireVersion': long(
    'Newest version of the protocol that the server speaks, in its answer to hello.',
    ({ reply }) => reply?.maxWireVersion,
  ),
})
