import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brokenLinks } from './markdown/broken.links.ts';
import { firstTable } from './markdown/markdown.table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const RESULTS = ['bench-results', 'chaos-results', 'demo-results', 'takeovers-results'];
const LEFT_OUT = new Set(['node_modules', 'dist', 'out-tsc', '.nx', '.wiber', ...RESULTS]);

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

test('every relative link in a document leads to a file, and its anchor to a heading', () => {
  const documents = globSync('**/*.md', { cwd: ROOT, exclude: (name) => LEFT_OUT.has(basename(name)) });
  expect(documents).toEqual(expect.arrayContaining(['README.md', join('docs', 'reference.md')]));
  expect(documents.flatMap((file) => brokenLinks(join(ROOT, file), ROOT))).toEqual([]);
});

test('README has at most 120 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('the index of decisions has each decision with its number and title, a date and a state', () => {
  const titleOf = (file: string): string =>
    /^# (?:\d{4}: )?(.+)$/m.exec(read(join('docs', 'decisions', file)))?.[1] ?? '';
  const files = globSync('[0-9]*.md', { cwd: join(ROOT, 'docs', 'decisions') }).toSorted();
  const { rows } = firstTable(read(join('docs', 'decisions', 'README.md')));
  expect(rows.map(([number, title]) => [number, title])).toEqual(
    files.map((file) => [file.slice(0, 4), `[${titleOf(file)}](${file})`]),
  );
  for (const [number, , date, state] of rows) {
    expect([number, date]).toEqual([number, expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/)]);
    expect([number, state]).toEqual([
      number,
      expect.stringMatching(/^(accepted|proposed|rejected|superseded by \d{4})$/),
    ]);
  }
});

test('every spec that the table of promises names exists', () => {
  const specs = globSync('{apps,libs,tools}/*/src/**/*spec.ts', { cwd: ROOT });
  const known = new Set(specs.map((file) => basename(file).replace(/\.(int-|e2e-)?spec\.ts$/, '')));
  const table = read(join('docs', 'guarantees.md')).split('## Every promise and its spec')[1]!;
  const named = firstTable(table).rows.flatMap(([, proof]) =>
    [...proof!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('every source file that a document names exists', () => {
  const sources = globSync(['{apps,libs,tools}/*/src/**/*.ts', '*.mjs'], { cwd: ROOT }).map((file) => basename(file));
  const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: ROOT })];
  const named = documents.flatMap((file) =>
    [...read(file).matchAll(/`([a-z][\w.-]*\.(?:ts|mjs))`/g)].map(([, name]) => name!),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !sources.includes(name))).toEqual([]);
});
