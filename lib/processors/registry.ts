import { addCloudMetadata } from './add-cloud-metadata/index.js'
import { addDockerMetadata } from './add-docker-metadata/index.js'
import { addFields, addLabels } from './add-fields.js'
import { addHostMetadata } from './add-host-metadata.js'
import { addKubernetesMetadata } from './add-kubernetes-metadata/index.js'
import { addNetworkDirection } from './add-network-direction.js'
import { addObserverMetadata } from './add-observer-metadata.js'
import { addProcessMetadata } from './add-process-metadata.js'
import { addTags } from './add-tags.js'
import { convert } from './convert.js'
import { detectMimeType } from './detect-mime-type/index.js'
import { dns } from './dns/index.js'
import { dropEvent } from './drop-event.js'
import { dropFields } from './drop-fields.js'
import { includeFields } from './include-fields.js'
import { copyFields, rename } from './rename.js'
import { replace } from './replace.js'
import { truncateFields } from './truncate-fields.js'

/** What an entry of `processors` may be. */
export const processors = [
  addCloudMetadata,
  addDockerMetadata,
  addFields,
  addHostMetadata,
  addKubernetesMetadata,
  addLabels,
  addNetworkDirection,
  addObserverMetadata,
  addProcessMetadata,
  addTags,
  convert,
  copyFields,
  detectMimeType,
  dns,
  dropEvent,
  dropFields,
  includeFields,
  rename,
  replace,
  truncateFields,
] as const
