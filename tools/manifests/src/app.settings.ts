import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const APPS = ['gateway', 'ingest', 'metrics'] as const;
export type AppName = (typeof APPS)[number];
export const isApp = (name: string): name is AppName => (APPS as readonly string[]).includes(name);

/** One variable as one app reads it. */
export interface AppSetting {
  variable: string;
  default: string;
  takes: string;
}

export interface Reference {
  settings: Readonly<Record<AppName, readonly AppSetting[]>>;
  /** The paths that every app answers to a GET of a probe or of Prometheus. */
  probePaths: readonly string[];
}

const rowsOf = (document: string, section: string): string[][] => {
  const begin = document.indexOf(`<!-- ${section}: made by`);
  const end = document.indexOf(`<!-- end of ${section} -->`);
  if (begin < 0 || end < begin) throw new Error(`docs/reference.md has no section ${section}`);
  const lines = document
    .slice(begin, end)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
};

const bare = (cell: string): string => cell.replaceAll('`', '');

/** What the tables of docs/reference.md say. A spec of tools/docs holds them equal to the code. */
export const readReference = (document: string): Reference => {
  const rows = rowsOf(document, 'variables').map(([variable = '', readers = '', byDefault = '', takes = '']) => ({
    readers: readers.split(', '),
    setting: { variable: bare(variable), default: bare(byDefault), takes },
  }));
  const of = (app: AppName) => rows.filter(({ readers }) => readers.includes(app)).map(({ setting }) => setting);
  const calls = rowsOf(document, 'calls').map(([call = '']) => bare(call));
  return {
    settings: { gateway: of('gateway'), ingest: of('ingest'), metrics: of('metrics') },
    probePaths: calls.filter((call) => /^GET \/(?:health\/|metrics$)/.test(call)).map((call) => call.slice(4)),
  };
};

export const loadReference = (root: string): Reference =>
  readReference(readFileSync(join(root, 'docs', 'reference.md'), 'utf8'));
