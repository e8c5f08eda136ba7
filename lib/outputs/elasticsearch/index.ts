import { deliveryOf } from '../delivery-options.js'
import { defineOutput } from '../output.js'
import { options } from './options.js'
import { tuned } from './preset.js'

/** Events in Elasticsearch or OpenSearch, by its bulk API. */
export const elasticsearch = defineOutput({
  name: 'elasticsearch',
  title: 'Elasticsearch or OpenSearch',
  options,
  wants: () => 'text',
  delivery: deliveryOf,
  tuned,
  async open(options, context) {
    return (await import('./open.js')).openElasticsearch(options, context)
  },
  async check(options, context, report) {
    const [{ checkHosts }, { connections }] = await Promise.all([import('./check.js'), import('./open.js')])
    return checkHosts(connections(options, context, 1), options.allow_older_versions, report)
  },
})
