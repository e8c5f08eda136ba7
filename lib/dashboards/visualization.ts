import type { Buckets, Chart, Metric } from './chart.js'

type Json = Readonly<Record<string, unknown>>

/** The state of an aggregation-based visualization, as the saved objects of Kibana 8 hold it. */
export function visualizationState(chart: Chart): Json {
  const { kind, title, metrics, buckets } = chart
  const drawn = metrics.map((metric, index) => ({ id: String(index + 1), metric }))
  const aggs = [
    ...drawn.map(({ id, metric }) => metricAggregation(id, metric, kind)),
    ...buckets.map((each, index) =>
      bucketAggregation(String(drawn.length + index + 1), each, schemaOf(kind, index), orderOf(drawn)),
    ),
  ]
  return { title, type: types[kind], aggs, params: parameters(chart, drawn) }
}

const types: Readonly<Record<Chart['kind'], string>> = {
  area: 'area',
  line: 'line',
  bars: 'histogram',
  pie: 'pie',
  table: 'table',
  number: 'metric',
  cloud: 'tagcloud',
}

type Drawn = { id: string; metric: Metric }

/** Buckets with the most of the first number come first; of percentiles it is the highest. */
function orderOf([first]: readonly Drawn[]): string {
  if (first?.metric.op !== 'percentiles') return '1'
  return `1.${first.metric.percents.at(-1)}`
}

function schemaOf(kind: Chart['kind'], index: number): string {
  if (kind === 'table') return 'bucket'
  if (kind === 'area' || kind === 'line' || kind === 'bars') return index === 0 ? 'segment' : 'group'
  return 'segment'
}

function metricAggregation(id: string, metric: Metric, kind: Chart['kind']): Json {
  const { op, label } = metric
  return {
    id,
    enabled: true,
    type: op,
    schema: 'metric',
    params: {
      ...(op !== 'count' && { field: metric.field }),
      ...(op === 'percentiles' && { percents: metric.percents }),
      ...(label !== undefined && kind !== 'cloud' && { customLabel: label }),
    },
  }
}

function bucketAggregation(id: string, buckets: Buckets, schema: string, orderBy: string): Json {
  const custom = 'label' in buckets && buckets.label !== undefined ? { customLabel: buckets.label } : {}
  const made = (type: string, params: Json): Json => ({
    id,
    enabled: true,
    type,
    schema,
    params: { ...params, ...custom },
  })
  switch (buckets.by) {
    case 'time':
      return made('date_histogram', {
        field: '@timestamp',
        useNormalizedEsInterval: true,
        scaleMetricValues: false,
        interval: 'auto',
        drop_partials: false,
        min_doc_count: 1,
        extended_bounds: {},
      })
    case 'terms':
      return made('terms', {
        field: buckets.field,
        orderBy,
        order: 'desc',
        size: buckets.size,
        otherBucket: false,
        otherBucketLabel: 'Other',
        missingBucket: false,
        missingBucketLabel: 'Missing',
      })
    case 'histogram':
      return made('histogram', {
        field: buckets.field,
        interval: buckets.interval,
        used_interval: buckets.interval,
        min_doc_count: false,
        has_extended_bounds: false,
        extended_bounds: { min: '', max: '' },
      })
    case 'filters':
      return made('filters', {
        filters: Object.entries(buckets.filters).map(([label, query]) => ({
          input: { query, language: 'kuery' },
          label,
        })),
      })
  }
}

function parameters(chart: Chart, drawn: readonly Drawn[]): Json {
  switch (chart.kind) {
    case 'area':
    case 'line':
    case 'bars':
      return axes(chart.kind, drawn)
    case 'pie':
      return {
        type: 'pie',
        addTooltip: true,
        addLegend: true,
        legendDisplay: 'show',
        legendPosition: 'right',
        isDonut: true,
        nestedLegend: false,
        labels: { show: false, values: true, last_level: true, truncate: 100 },
      }
    case 'table':
      return {
        perPage: 10,
        showPartialRows: false,
        showMetricsAtAllLevels: false,
        showTotal: false,
        showToolbar: true,
        totalFunc: 'sum',
        percentageCol: '',
      }
    case 'number':
      return {
        type: 'metric',
        addTooltip: true,
        addLegend: false,
        metric: {
          percentageMode: false,
          useRanges: false,
          colorSchema: 'Green to Red',
          metricColorMode: 'None',
          colorsRange: [{ from: 0, to: 10000 }],
          labels: { show: true },
          invertColors: false,
          style: { bgFill: '#000', bgColor: false, labelColor: false, subText: '', fontSize: 36 },
        },
      }
    case 'cloud':
      return { scale: 'linear', orientation: 'single', minFontSize: 14, maxFontSize: 60, showLabel: false }
  }
}

function axes(kind: 'area' | 'line' | 'bars', drawn: readonly Drawn[]): Json {
  const type = kind === 'bars' ? 'histogram' : kind
  return {
    type,
    grid: { categoryLines: false },
    categoryAxes: [
      {
        id: 'CategoryAxis-1',
        type: 'category',
        position: 'bottom',
        show: true,
        style: {},
        scale: { type: 'linear' },
        labels: { show: true, filter: true, truncate: 100 },
        title: {},
      },
    ],
    valueAxes: [
      {
        id: 'ValueAxis-1',
        name: 'LeftAxis-1',
        type: 'value',
        position: 'left',
        show: true,
        style: {},
        scale: { type: 'linear', mode: 'normal' },
        labels: { show: true, rotate: 0, filter: false, truncate: 100 },
        title: { text: '' },
      },
    ],
    seriesParams: drawn.map(({ id, metric }) => ({
      show: true,
      type,
      mode: kind === 'line' ? 'normal' : 'stacked',
      data: { id, label: metric.label ?? (metric.op === 'count' ? 'Count' : metric.field) },
      valueAxis: 'ValueAxis-1',
      drawLinesBetweenPoints: true,
      showCircles: false,
      interpolate: 'linear',
      lineWidth: 2,
    })),
    addTooltip: true,
    addLegend: true,
    legendPosition: 'right',
    times: [],
    addTimeMarker: false,
    labels: { show: false },
    thresholdLine: { show: false, value: 10, width: 1, style: 'full', color: '#E7664C' },
  }
}
