import type { AnyPanel, EventList, Page, WorldMap } from './chart.js'
import { visualizationState } from './visualization.js'

export interface Reference {
  id: string
  type: string
  name: string
}

/** As Kibana's import reads it, one a line. */
export interface SavedObject {
  id: string
  type: 'index-pattern' | 'visualization' | 'dashboard' | 'search' | 'map'
  attributes: Readonly<Record<string, unknown>>
  references: readonly Reference[]
  coreMigrationVersion: string
  migrationVersion: Readonly<Record<string, string>>
}

/** The form of the objects: Kibana brings older ones up to its own. */
const FORM = '8.0.0'

const COLUMNS = 48

/** The data view: which indices, and how numbers are shown. */
export const dataView = (index: string): SavedObject =>
  object('index-pattern', index, {
    title: index,
    timeFieldName: '@timestamp',
    fieldFormatMap: JSON.stringify({
      'event.duration': {
        id: 'duration',
        params: { inputFormat: 'nanoseconds', outputFormat: 'asMilliseconds', outputPrecision: 1 },
      },
      ...Object.fromEntries(
        ['source', 'destination', 'client', 'server', 'network'].map((side) => [
          `${side}.bytes`,
          { id: 'bytes' },
        ]),
      ),
    }),
    fields: '[]',
    sourceFilters: '[]',
    fieldAttrs: '{}',
    runtimeFieldMap: '{}',
    typeMeta: '{}',
  })

export const dashboardId = (page: Pick<Page, 'id'>): string => `packetbeat-native-${page.id}`

/** A dashboard with all its panels; what it refers to comes before it. */
export function dashboardObjects(page: Page, index: string): SavedObject[] {
  const panels = page.panels.map((panel, at) => panelObject(panel, `${dashboardId(page)}-${at + 1}`, index))
  const places = layout(page.panels)
  const dashboard = object(
    'dashboard',
    dashboardId(page),
    {
      title: title(page.title),
      description: page.description,
      hits: 0,
      version: 1,
      timeRestore: false,
      optionsJSON: JSON.stringify({ useMargins: true, syncColors: false, hidePanelTitles: false }),
      panelsJSON: JSON.stringify(
        panels.map(({ type }, at) => ({
          version: FORM,
          type,
          panelIndex: String(at + 1),
          gridData: { ...places[at], i: String(at + 1) },
          embeddableConfig: { enhancements: {} },
          title: page.panels[at]?.title,
          panelRefName: `panel_${at + 1}`,
        })),
      ),
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ query: kuery(''), filter: [] }) },
    },
    panels.map(({ id, type }, at) => ({ id, type, name: `${at + 1}:panel_${at + 1}` })),
  )
  return [...panels, dashboard]
}

/** From left to right, in rows that are as high as their highest panel. */
function layout(panels: readonly AnyPanel[]): { x: number; y: number; w: number; h: number }[] {
  let [x, y, height] = [0, 0, 0]
  return panels.map(({ width: w, height: h }) => {
    if (x + w > COLUMNS) [x, y, height] = [0, y + height, 0]
    const place = { x, y, w, h }
    x += w
    height = Math.max(height, h)
    return place
  })
}

function panelObject(panel: AnyPanel, id: string, index: string): SavedObject {
  switch (panel.kind) {
    case 'events':
      return eventList(panel, id, index)
    case 'map':
      return worldMap(panel, id, index)
    case 'text':
      return object('visualization', id, {
        title: title(panel.title),
        visState: JSON.stringify({
          title: panel.title,
          type: 'markdown',
          aggs: [],
          params: { fontSize: 12, openLinksInNewTab: false, markdown: panel.markdown },
        }),
        uiStateJSON: '{}',
        description: '',
        version: 1,
        kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ query: kuery(''), filter: [] }) },
      })
    default:
      return object(
        'visualization',
        id,
        {
          title: title(panel.title),
          visState: JSON.stringify(visualizationState(panel)),
          uiStateJSON: '{}',
          description: '',
          version: 1,
          kibanaSavedObjectMeta: { searchSourceJSON: searchSource(panel.query) },
        },
        [viewReference(index)],
      )
  }
}

const eventList = ({ title: name, query, columns }: EventList, id: string, index: string): SavedObject =>
  object(
    'search',
    id,
    {
      title: title(name),
      description: '',
      columns,
      sort: [['@timestamp', 'desc']],
      kibanaSavedObjectMeta: { searchSourceJSON: searchSource(query) },
    },
    [viewReference(index)],
  )

const LAYER = 'layer_1_source_index_pattern'

const worldMap = ({ title: name, field, query }: WorldMap, id: string, index: string): SavedObject =>
  object(
    'map',
    id,
    {
      title: title(name),
      description: '',
      mapStateJSON: JSON.stringify({
        zoom: 1,
        center: { lon: 0, lat: 20 },
        query: kuery(query),
        filters: [],
      }),
      layerListJSON: JSON.stringify([
        { id: 'base', type: 'EMS_VECTOR_TILE', sourceDescriptor: { type: 'EMS_TMS', isAutoSelect: true } },
        {
          id: 'places',
          type: 'GEOJSON_VECTOR',
          label: name,
          visible: true,
          sourceDescriptor: {
            id: 'places-source',
            type: 'ES_GEO_GRID',
            geoField: field,
            requestType: 'point',
            resolution: 'COARSE',
            metrics: [{ type: 'count' }],
            indexPatternRefName: LAYER,
          },
          style: { type: 'VECTOR', properties: {} },
        },
      ]),
      uiStateJSON: '{}',
    },
    [{ ...viewReference(index), name: LAYER }],
  )

const title = (text: string): string => `[Packetbeat] ${text}`

const kuery = (query: string) => ({ query, language: 'kuery' })

const SOURCE = 'kibanaSavedObjectMeta.searchSourceJSON.index'

const viewReference = (index: string): Reference => ({ id: index, type: 'index-pattern', name: SOURCE })

const searchSource = (query: string): string =>
  JSON.stringify({ query: kuery(query), filter: [], indexRefName: SOURCE })

function object(
  type: SavedObject['type'],
  id: string,
  attributes: SavedObject['attributes'],
  references: readonly Reference[] = [],
): SavedObject {
  return { id, type, attributes, references, coreMigrationVersion: FORM, migrationVersion: { [type]: FORM } }
}
