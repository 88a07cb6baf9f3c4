import type { Table } from '../markdown/markdown.table.ts';
import { APPS, type AppName, type RegisteredMetric } from './app.registries.ts';
import { LABEL_BOUNDS } from './label.bounds.ts';
import { isOurs, unitOf } from './metric.conventions.ts';

type Registries = ReadonlyMap<AppName, readonly RegisteredMetric[]>;

const code = (text: string): string => `\`${text}\``;

const tableOf = (metrics: readonly RegisteredMetric[]): Table => ({
  columns: ['metric', 'type', 'labels', 'unit', 'what it says'],
  rows: metrics
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help, labels }) => [code(name), type, labels.map(code).join(', '), unitOf(name), help]),
});

/** The tables of docs/metrics.md by the names of their sections: of all apps, of each app, of Node and of the labels. */
export const metricTables = (registries: Registries): Record<string, Table> => {
  const all = APPS.map((app) => registries.get(app)!);
  const first = all[0]!;
  const isCommon = ({ name }: RegisteredMetric) => all.every((metrics) => metrics.some((one) => one.name === name));
  const own = APPS.map((app): [string, Table] => [
    `metrics of ${app}`,
    tableOf(registries.get(app)!.filter((metric) => isOurs(metric) && !isCommon(metric))),
  ]);
  return {
    'metrics of every app': tableOf(first.filter((metric) => isOurs(metric) && isCommon(metric))),
    ...Object.fromEntries(own),
    'metrics of Node': tableOf(first.filter((metric) => !isOurs(metric))),
    labels: {
      columns: ['label', 'its values'],
      rows: Object.entries(LABEL_BOUNDS).map(([label, bound]) => [code(label), bound]),
    },
  };
};
