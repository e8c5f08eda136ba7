import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ndjson, pages, savedObjects } from '../../lib/dashboards/index.js'
import { dashboardId } from '../../lib/dashboards/saved-objects.js'
import { eventFields } from '../../lib/elasticsearch/event-fields.js'
import { protocols } from '../../lib/protocols/index.js'
import { fieldsRead, importAnswer } from '../support/kibana.js'

const objects = savedObjects('packetbeat-*')

describe('dashboards', () => {
  it('are there for every protocol, with the way to all others', () => {
    const ids = pages.map(({ id }) => id)
    for (const { name } of protocols) assert.ok(ids.includes(name), name)
    for (const page of pages) {
      const [first] = page.panels
      assert.equal(first?.kind, 'text')
      const markdown = (first as { markdown: string }).markdown
      for (const other of pages)
        assert.ok(
          other === page || markdown.includes(`(#/view/${dashboardId(other)})`),
          `${page.id}: ${other.id}`,
        )
    }
  })

  it('are taken by an import that looks at structure and references', () => {
    const { success, successCount, errors } = importAnswer(ndjson(objects))
    assert.deepEqual(errors ?? [], [])
    assert.equal(success, true)
    assert.equal(successCount, objects.length)
  })

  it('read fields that the template has, in panels, filters and lists', () => {
    const fields = eventFields()
    const unknown: string[] = []
    const unsorted: string[] = []
    for (const object of objects) {
      const { searched, sorted } = fieldsRead(object)
      unknown.push(
        ...[...searched, ...sorted]
          .filter((name) => !fields.has(name))
          .map((name) => `${object.id}: ${name}`),
      )
      // Texts have no values to sort or count by.
      unsorted.push(
        ...sorted.filter((name) => ['text', 'match_only_text', 'flattened'].includes(fields.get(name) ?? '')),
      )
    }
    assert.deepEqual(unknown, [])
    assert.deepEqual(unsorted, [])
  })

  it('sum flows that have ended, so that no report counts twice', () => {
    const summed = pages
      .find(({ id }) => id === 'flows')
      ?.panels.filter((panel) => 'metrics' in panel && panel.metrics.some(({ op }) => op === 'sum'))
    assert.ok(summed !== undefined && summed.length > 3)
    for (const panel of summed) assert.match((panel as { query: string }).query, /flow\.final: true/)
  })

  it('lay no panel over another', () => {
    for (const object of objects.filter(({ type }) => type === 'dashboard')) {
      const taken = new Set<string>()
      for (const { gridData } of JSON.parse(String(object.attributes.panelsJSON)))
        for (let x = gridData.x; x < gridData.x + gridData.w; x++)
          for (let y = gridData.y; y < gridData.y + gridData.h; y++) {
            assert.ok(x < 48 && !taken.has(`${x},${y}`), `${object.id}: panel ${gridData.i}`)
            taken.add(`${x},${y}`)
          }
    }
  })

  it('read the index that is configured', () => {
    const other = ndjson(savedObjects('shop-*'))
    assert.ok(!other.includes('packetbeat-*'))
    assert.equal(importAnswer(other).success, true)
  })
})
