import type { Page, Panel, Query, Row } from './page.ts';

const COLUMNS = 24;
const HEIGHT = { number: 4, line: 8 } as const;
const WIDTH = { number: 4, line: 8 } as const;
/** The version of the form: Grafana 10.3 and newer read it. */
const SCHEMA_VERSION = 39;
/** The viewer chooses the Prometheus by this variable, so that the same dashboard serves several. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A page in the form in which Grafana reads it: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export const dashboardOf = ({ uid, title, description, rows }: Page): object => ({
  uid,
  title,
  description,
  tags: ['wiber'],
  schemaVersion: SCHEMA_VERSION,
  version: 1,
  editable: false,
  graphTooltip: 1,
  refresh: '10s',
  time: { from: 'now-30m', to: 'now' },
  timezone: 'browser',
  templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
  links: [{ title: 'Wiber', type: 'dashboards', tags: ['wiber'], asDropdown: true, keepTime: true, includeVars: true }],
  annotations: { list: [] },
  panels: panelsOf(rows),
});

const panelsOf = (rows: readonly Row[]): object[] => {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: inRow } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of inRow) {
      const w = panel.width ?? WIDTH[panel.shows];
      if (x + w > COLUMNS) [x, y, height] = [0, y + height, 0];
      const h = HEIGHT[panel.shows];
      panels.push({ id: panels.length + 1, ...panelOf(panel, { x, y, w, h }) });
      x += w;
      height = Math.max(height, h);
    }
    y += height;
  }
  return panels;
};

const panelOf = (panel: Panel, gridPos: Place): object => ({
  type: panel.shows === 'number' ? 'stat' : 'timeseries',
  title: panel.title,
  description: panel.description,
  datasource: DATASOURCE,
  gridPos,
  targets: panel.queries.map(targetOf),
  fieldConfig: { defaults: { ...fieldsOf(panel), ...(panel.shows === 'line' ? LINES : {}) }, overrides: [] },
  options: panel.shows === 'number' ? NUMBER_OPTIONS : LINE_OPTIONS,
});

const targetOf = ({ expression, legend }: Query, index: number): object => ({
  refId: String.fromCharCode('A'.charCodeAt(0) + index),
  datasource: DATASOURCE,
  expr: expression,
  legendFormat: legend,
});

const fieldsOf = ({ unit, thresholds, shows }: Panel): object => ({
  unit,
  min: shows === 'line' && unit !== 's' ? 0 : undefined,
  thresholds: { mode: 'absolute', steps: stepsOf(thresholds) },
  color: { mode: shows === 'number' && thresholds ? 'thresholds' : 'palette-classic' },
  mappings: [],
});

const stepsOf = (thresholds: Panel['thresholds']): object[] => {
  if (!thresholds) return [{ color: 'green', value: null }];
  const { yellow, red, isFloor = false } = thresholds;
  // A value below the floor is bad.
  if (isFloor)
    return [
      { color: 'red', value: null },
      { color: 'green', value: red },
    ];
  return [
    { color: 'green', value: null },
    ...(yellow === undefined ? [] : [{ color: 'yellow', value: yellow }]),
    { color: 'red', value: red },
  ];
};

const LINES = { custom: { drawStyle: 'line', lineWidth: 1, fillOpacity: 10, showPoints: 'never', spanNulls: false } };
const LINE_OPTIONS = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
  tooltip: { mode: 'multi', sort: 'desc' },
};
const NUMBER_OPTIONS = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  colorMode: 'value',
  graphMode: 'area',
  textMode: 'auto',
};
