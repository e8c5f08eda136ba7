import { addCloudMetadata } from './add-cloud-metadata/index.js'
import { addDockerMetadata } from './add-docker-metadata/index.js'
import { addFields, addLabels } from './add-fields.js'
import { addFormattedIndex } from './add-formatted-index.js'
import { addHostMetadata } from './add-host-metadata.js'
import { addId } from './add-id.js'
import { addKubernetesMetadata } from './add-kubernetes-metadata/index.js'
import { addLocale } from './add-locale.js'
import { addNetworkDirection } from './add-network-direction.js'
import { addObserverMetadata } from './add-observer-metadata.js'
import { addProcessMetadata } from './add-process-metadata.js'
import { addTags } from './add-tags.js'
import { append, appendProcessor } from './append.js'
import { cache } from './cache/index.js'
import { lowercase, uppercase } from './change-case.js'
import { communityId } from './community-id.js'
import { convert } from './convert.js'
import { decodeBase64Field } from './decode-base64-field.js'
import { decodeCsvFields } from './decode-csv-fields.js'
import { decodeDuration } from './decode-duration.js'
import { decodeJsonFields } from './decode-json-fields.js'
import { decompressGzipField } from './decompress-gzip-field.js'
import { detectMimeType } from './detect-mime-type/index.js'
import { dissect } from './dissect/index.js'
import { dns } from './dns/index.js'
import { dropEvent } from './drop-event.js'
import { dropFields } from './drop-fields.js'
import { extractArray } from './extract-array.js'
import { fingerprint } from './fingerprint.js'
import { includeFields } from './include-fields.js'
import { moveFields } from './move-fields.js'
import { rateLimit } from './rate-limit.js'
import { registeredDomain } from './registered-domain.js'
import { copyFields, rename } from './rename.js'
import { replace } from './replace.js'
import { script } from './script/index.js'
import { timestamp } from './timestamp/index.js'
import { truncateFields } from './truncate-fields.js'
import { urldecode } from './urldecode.js'

/** What an entry of `processors` may be. */
export const processors = [
  addCloudMetadata,
  addDockerMetadata,
  addFields,
  addFormattedIndex,
  addId,
  addHostMetadata,
  addKubernetesMetadata,
  addLabels,
  addLocale,
  addNetworkDirection,
  addObserverMetadata,
  addProcessMetadata,
  addTags,
  append,
  appendProcessor,
  cache,
  communityId,
  convert,
  copyFields,
  decodeBase64Field,
  decodeCsvFields,
  decodeDuration,
  decodeJsonFields,
  decompressGzipField,
  detectMimeType,
  dissect,
  dns,
  dropEvent,
  dropFields,
  extractArray,
  fingerprint,
  includeFields,
  lowercase,
  moveFields,
  rateLimit,
  registeredDomain,
  rename,
  replace,
  script,
  timestamp,
  truncateFields,
  uppercase,
  urldecode,
] as const
