import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRIC } from '@wiber/observability';
import { firstTable } from '../markdown/markdown.table.ts';
import { sectionOf } from '../markdown/marked.section.ts';
import { loadRegistries, type AppName, type RegisteredMetric } from './app.registries.ts';
import { LABEL_BOUNDS } from './label.bounds.ts';
import { faultsOf, isOurs } from './metric.conventions.ts';
import { metricTables } from './metric.table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'metrics.md'), 'utf8');

let registries: Map<AppName, RegisteredMetric[]>;
let ours: RegisteredMetric[];

beforeAll(async () => {
  registries = await loadRegistries(ROOT, 'src');
  ours = [...registries.values()].flat().filter(isOurs);
});

test('docs/metrics.md has each metric of each app as its registry has it; npm run reference writes it anew', () => {
  const tables = metricTables(registries);
  const documented = Object.keys(tables).map((name) => [name, firstTable(sectionOf(DOCUMENT, name))]);
  expect(Object.fromEntries(documented)).toEqual(tables);
});

test('each name of METRIC is a metric of an app, and each metric of Wiber has its name there', () => {
  expect([...new Set(ours.map(({ name }) => name))].toSorted()).toEqual(Object.values(METRIC).toSorted());
});

test('each metric of Wiber keeps the conventions: name, base unit, help, rising buckets, labels with an end', () => {
  expect(ours.flatMap(faultsOf)).toEqual([]);
});

test('each label whose values have an end is a label of a metric', () => {
  const used = new Set(['app', 'instance', ...ours.flatMap(({ labels }) => labels)]);
  expect(Object.keys(LABEL_BOUNDS).filter((label) => !used.has(label))).toEqual([]);
});

test('a metric of one name has the same type, help and labels in each app', () => {
  const texts = new Map<string, Set<string>>();
  for (const metric of ours) texts.set(metric.name, (texts.get(metric.name) ?? new Set()).add(JSON.stringify(metric)));
  expect([...texts].filter(([, forms]) => forms.size > 1)).toEqual([]);
});

const WELL: RegisteredMetric = { name: 'wiber_waits', type: 'gauge', help: 'Waits.', labels: [], buckets: [] };

test.each([
  ['a help that is no sentence', { help: 'waits' }, 'help'],
  ['a help of two lines', { help: 'One.\nTwo.' }, 'one line'],
  ['a name without wiber_', { name: 'waits' }, 'wiber_'],
  ['a counter without _total', { type: 'counter' }, '_total'],
  ['a gauge with _total', { name: 'wiber_waits_total' }, '_total'],
  ['milliseconds', { name: 'wiber_waits_ms' }, 'base unit'],
  ['minutes of a counter', { name: 'wiber_waits_minutes_total', type: 'counter' }, 'base unit'],
  ['a name that ends as a part of a histogram', { name: 'wiber_waits_count' }, 'base unit'],
  ['a label whose values have no end', { labels: ['user'] }, 'label user'],
  ['a label in the name', { name: 'wiber_waits_by_reason' }, 'labels'],
  ['buckets that do not rise', { type: 'histogram', buckets: [1, 5, 5] }, 'rise'],
])('%s is a fault', (_, change, text) => {
  expect(faultsOf(WELL)).toEqual([]);
  expect(faultsOf({ ...WELL, ...change }).join()).toContain(text);
});
