import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readQuery } from './query.reader.ts';

/** Labels that Prometheus and the registry of an app add to every metric; `exported_` where both have one. */
const COMMON = ['app', 'instance', 'job', 'exported_instance'] as const;

interface RuleFile {
  groups: { rules: { record?: string; expr: string }[] }[];
}

/** Every series that a query may ask for, with its labels. */
export type SeriesCatalog = ReadonlyMap<string, readonly string[]>;

/** Reads docs/metrics.md, which is held to the code, and the recording rules. */
export const loadCatalog = (root: string): SeriesCatalog => {
  const catalog = new Map<string, readonly string[]>();
  for (const { name, type, labels } of metricsIn(readFileSync(join(root, 'docs', 'metrics.md'), 'utf8'))) {
    const all = [...labels, ...COMMON];
    if (type === 'histogram') {
      catalog.set(`${name}_bucket`, [...all, 'le']);
      for (const part of ['sum', 'count']) catalog.set(`${name}_${part}`, all);
    } else catalog.set(name, all);
  }
  const rules = readFileSync(join(root, 'docker', 'prometheus', 'rules', 'recording.yaml'), 'utf8');
  for (const { record, expr } of (parse(rules) as RuleFile).groups.flatMap((group) => group.rules))
    if (record !== undefined) catalog.set(record, readQuery(expr).groupings);
  return catalog;
};

const ROW = /^\| `([a-z_0-9]+)`\s*\| (counter|gauge|histogram)\s*\| ([^|]*)\|/gm;

const metricsIn = (document: string): { name: string; type: string; labels: string[] }[] =>
  [...document.matchAll(ROW)].map(([, name = '', type = '', labels = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
  }));

/** What of a query and its legend is in no series, as sentences; none when all is there. */
export const strangersIn = (
  catalog: SeriesCatalog,
  { expression, legend }: { expression: string; legend: string },
): string[] => {
  const { selectors, groupings } = readQuery(expression);
  const missing = selectors.filter(({ series }) => !catalog.has(series)).map(({ series }) => `there is no ${series}`);
  const wrong = selectors.flatMap(({ series, labels }) =>
    labels.filter((label) => !catalog.get(series)?.includes(label)).map((label) => `${series} has no label ${label}`),
  );
  const known = new Set(selectors.flatMap(({ series }) => catalog.get(series) ?? []));
  const used = [...groupings, ...[...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!)];
  const lost = used.filter((label) => !known.has(label)).map((label) => `no series has the label ${label}`);
  const dropped = [...legend.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, label]) => label!)
    .filter((label) => groupings.length > 0 && !groupings.includes(label))
    .map((label) => `the label ${label} of the legend is summed away`);
  return [...missing, ...wrong, ...lost, ...dropped];
};
