import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { missingPromtool, runPromtool } from '@wiber/harness';
import { dashboardFiles } from './dashboard.files.ts';
import { PAGES } from './pages/pages.ts';
import { forPrometheus } from './promql/query.reader.ts';
import { loadCatalog, strangersIn, type SeriesCatalog } from './promql/series.catalog.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FILES = dashboardFiles();

interface Dashboard {
  uid: string;
  title: string;
  templating: { list: { name: string; type: string; query: string }[] };
  panels: {
    id: number;
    type: string;
    title: string;
    description?: string;
    datasource?: unknown;
    gridPos: { x: number; y: number; w: number; h: number };
    fieldConfig?: { defaults: { unit?: string } };
    targets?: { refId: string; datasource: unknown; expr: string; legendFormat: string }[];
  }[];
}

const read = (path: string): Dashboard => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Dashboard;
const dashboards = [...FILES.keys()].map(read);
const panelsOf = ({ panels }: Dashboard) => panels.filter(({ type }) => type !== 'row');
const queries = PAGES.flatMap(({ uid, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries: own }) => own.map((one) => ({ at: `${uid}: ${title}`, ...one }))),
  ),
);

const missing = missingPromtool();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
const testWithPromtool = missing === undefined ? test : test.skip;

test('each file is what the pages make, and no other is beside it; npm run dashboards writes them anew', () => {
  for (const [path, text] of FILES) expect([path, read(path)]).toEqual([path, JSON.parse(text)]);
  for (const folder of new Set([...FILES.keys()].map((path) => dirname(path))))
    expect(
      readdirSync(join(ROOT, folder))
        .map((name) => join(folder, name))
        .toSorted(),
    ).toEqual([...FILES.keys()].filter((path) => dirname(path) === folder).toSorted());
});

test('there is a dashboard for the overview, the message path, Kafka, MongoDB, leadership and objectives, each with an id and a title of its own', () => {
  const uids = PAGES.map(({ uid }) => uid);
  expect(uids).toEqual(
    ['overview', 'message-path', 'kafka', 'mongodb', 'leadership', 'objectives'].map((name) => `wiber-${name}`),
  );
  expect(new Set(PAGES.map(({ title }) => title)).size).toBe(PAGES.length);
});

test('each panel and each query asks the Prometheus that the viewer chose', () => {
  const chosen = { type: 'prometheus', uid: '${datasource}' };
  for (const dashboard of dashboards) {
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource', query: 'prometheus' }]);
    for (const { datasource, targets } of panelsOf(dashboard))
      expect(
        [datasource, ...targets!.map((target) => target.datasource)].filter(
          (one) => JSON.stringify(one) !== JSON.stringify(chosen),
        ),
      ).toEqual([]);
  }
});

test('each panel has a title of its own, a description that is a sentence, a unit and a query', () => {
  for (const dashboard of dashboards) {
    const panels = panelsOf(dashboard);
    expect(panels.length).toBeGreaterThan(5);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { title, description, fieldConfig, targets } of panels) {
      expect(targets!.length).toBeGreaterThan(0);
      expect([title, description]).toEqual([title, expect.stringMatching(/^[A-Z0-9].+\.$/s)]);
      expect([title, fieldConfig!.defaults.unit]).toEqual([title, expect.stringMatching(/^[a-zA-Z]+$/)]);
    }
  }
});

test('no two panels are at one place, none is wider than the page, and each has an id of its own', () => {
  for (const { uid, panels } of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([uid, taken.has(`${x},${y}`)]).toEqual([uid, false]);
          taken.add(`${x},${y}`);
        }
    }
  }
});

describe('queries', () => {
  let catalog: SeriesCatalog;

  beforeAll(() => {
    catalog = loadCatalog(ROOT);
  });

  test('each names only metrics of docs/metrics.md and recording rules, with labels that these have', () => {
    expect(queries.flatMap((one) => strangersIn(catalog, one).map((text) => `${one.at}: ${text}`))).toEqual([]);
  });

  test.each([
    ['a metric that no app has', 'sum(wiber_no_such)', '', 'there is no wiber_no_such'],
    ['a part of a histogram that is a counter', 'wiber_messages_stored_total_bucket', '', 'there is no'],
    ['a label that the metric does not have', 'wiber_leader{route="/"}', '', 'wiber_leader has no label route'],
    ['a label by which nothing can be summed', 'sum by (route) (wiber_leader)', '', 'no series has the label route'],
    ['a legend with a label that is summed away', 'sum by (app) (wiber_leader)', '{{instance}}', 'summed away'],
  ])('%s is found', (_, expression, legend, text) => {
    expect(strangersIn(catalog, { expression, legend }).join()).toContain(text);
  });

  testWithPromtool('each is taken by promtool', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wiber-dashboards-'));
    try {
      const rules = queries.map(({ expression }, index) => {
        return { record: `query:${index}`, expr: forPrometheus(expression, '1m') };
      });
      // YAML is a superset of JSON.
      writeFileSync(join(folder, 'queries.yaml'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
      const { status, output } = await runPromtool(['check', 'rules', '--lint=none', 'queries.yaml'], folder);
      expect(output).toContain(`${queries.length} rules found`);
      expect([status, output]).toEqual([0, output]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
