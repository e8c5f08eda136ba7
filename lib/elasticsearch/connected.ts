import type { Settings } from '../config/settings.js'
import type { SearchContext } from '../outputs/output.js'
import { type LoadOptions, loadIndexManagement, loadPipelines } from './load.js'

type Connected = NonNullable<SearchContext['connected']>

/**
 * What an Elasticsearch output calls when it has connected: loads what is missing, one server at a time, since several
 * may be of one cluster. What is to be replaced is replaced once.
 */
export function connected(
  { setup, path }: Pick<Settings, 'setup' | 'path'>,
  version: string,
  log: LoadOptions['log'],
): Connected {
  let first = true
  let warned = false
  let before: Promise<unknown> = Promise.resolve()
  return (client, server) => {
    const load = async () => {
      const again: Settings['setup'] = {
        ...setup,
        template: { ...setup.template, overwrite: first && setup.template.overwrite },
        ilm: { ...setup.ilm, overwrite: first && setup.ilm.overwrite },
        overwrite_pipelines: first && setup.overwrite_pipelines,
      }
      const options: LoadOptions = { setup: again, version, folder: path.config, client, server, log }
      await loadIndexManagement(options, false)
      try {
        await loadPipelines(options, again.overwrite_pipelines)
      } catch (error) {
        // Events need them only where output.elasticsearch.pipeline names one, and the server says so then.
        log[warned ? 'debug' : 'warn']((error as Error).message)
        warned = true
      }
      first = false
    }
    const now = before.then(load)
    before = now.catch(() => undefined)
    return now
  }
}
