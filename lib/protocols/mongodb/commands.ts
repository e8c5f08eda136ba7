// What is known of commands: which name a collection, which carry secrets, which wait on purpose.
// Source: MongoDB Manual, "Database Commands"; the MongoDB specifications' "Command Logging and Monitoring".

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))

/** They concern a collection of the database, and name it: most of them in their first element. */
const ofCollection = set(`
  abortReshardCollection aggregate analyze cloneCollectionAsCapped collMod collStats collstats compact
  convertToCapped count create createIndexes createSearchIndexes delete deleteIndexes distinct drop dropIndexes
  dropSearchIndex explain filemd5 find findAndModify findandmodify geoNear geoSearch getMore group insert
  killCursors listIndexes
  mapReduce mapreduce parallelCollectionScan planCacheClear planCacheClearFilters planCacheListFilters
  planCacheListPlans planCacheListQueryShapes planCacheSetFilter reIndex setAllowMigrations update updateSearchIndex
  validate`)

/** They name a collection with its database in their first element. */
const ofNamespace = set(`
  cleanupReshardCollection commitReshardCollection dataSize datasize moveChunk moveCollection
  refineCollectionShardKey renameCollection reshardCollection shardCollection split splitVector
  unshardCollection`)

/** What a command is done to: `database.collection`, or as ever `database.$cmd` when it is no collection. */
export function resourceOf(database: string, command: string, named: string): string {
  if (named !== '' && ofNamespace.has(command)) return named
  return `${database}.${named !== '' && ofCollection.has(command) ? named : '$cmd'}`
}

/** Commands whose elements of these names no event shows, nor those of their replies. */
const withSecrets = set(`
  saslStart saslContinue authenticate getnonce createUser updateUser usersInfo copydb copydbgetnonce copydbsaslstart
  hello isMaster ismaster`)
const secrets = set('payload pwd key nonce speculativeAuthenticate users')

export const carriesSecrets = (command: string): boolean => withSecrets.has(command)
export const isSecret = (element: string): boolean => secrets.has(element)

/** Elements that differ from session to session, or that `resource` tells: no part of `query`. */
const ofSession = set('$db lsid $clusterTime txnNumber')

/** What is written is no part of `query`: a query is what was looked for. */
const written: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['insert', set('documents')],
  ['findAndModify', set('update')],
  ['findandmodify', set('update')],
  ['bulkWrite', set('ops')],
])

export const isOfSession = (element: string): boolean => ofSession.has(element)
export const writtenBy = (command: string): ReadonlySet<string> | undefined => written.get(command)

/** Milliseconds that a command may take on purpose are in this element: what waits for news is not late. */
export const patienceOf = (command: string): string | undefined =>
  command === 'getMore'
    ? 'maxTimeMS'
    : command === 'hello' || command === 'isMaster' || command === 'ismaster'
      ? 'maxAwaitTimeMS'
      : undefined

// Longer names no command has; what is longer is no MongoDB.
const LONGEST = 100

/** Whether a first element may be the name of a command. */
export const isCommand = (name: string): boolean => name.length <= LONGEST && /^[A-Za-z_$][\w$]*$/.test(name)
