import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstTable } from '../markdown/markdown.table.ts';
import { sectionOf } from '../markdown/marked.section.ts';
import { environmentNames } from './environment.names.ts';
import { problemTable } from './problem.table.ts';
import { describeSettings } from './setting.description.ts';
import { loadSettings } from './settings.loader.ts';
import { variableTable } from './variable.table.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'reference.md'), 'utf8');

/** Variables of the machine, of Node and of Nx, which Wiber does not define. */
const NOT_OURS = new Set(['PATH', 'NX_DAEMON', 'NODE_OPTIONS', 'NO_PROXY']);

const documented = (name: string) => firstTable(sectionOf(DOCUMENT, name));

test('docs/reference.md has each variable as its readers read it; npm run reference writes it anew', async () => {
  expect(documented('variables')).toEqual(variableTable(await loadSettings(ROOT, 'src')));
});

test('every variable that a program reads by name is in docs/reference.md', () => {
  const known = documented('variables').rows.map(([variable]) => variable!.replaceAll('`', ''));
  expect([...environmentNames(ROOT)].filter((name) => !NOT_OURS.has(name) && !known.includes(name))).toEqual([]);
});

test('docs/reference.md has the closed list of error codes; npm run reference writes it anew', () => {
  expect(documented('codes')).toEqual(problemTable());
});

test('readers that agree share a row, and readers that differ have a row each', () => {
  const setting = (reader: string, value: number) =>
    describeSettings(reader, { a: { variable: 'A', about: 'It sets a.', takes: 'a number', default: value } });
  const { rows } = variableTable([...setting('one', 1), ...setting('two', 2), ...setting('three', 1)]);
  expect(rows).toEqual([
    ['`A`', 'one, three', '`1`', 'a number', 'It sets a.'],
    ['`A`', 'two', '`2`', 'a number', 'It sets a.'],
  ]);
});

test('a setting that does not say what it sets is refused by its name', () => {
  const settings = { depth: { variable: 'DEPTH', about: '', takes: 'a number', default: 1 } };
  expect(() => describeSettings('gateway', settings)).toThrow('gateway: the setting depth lacks');
});

test('docs/reference.md has every npm script that starts a program of Wiber', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const programs = Object.keys(scripts).filter((name) => /\btools\/\w+\//.test(scripts[name]!));
  const commands = programs.map((name) =>
    ['start', 'test'].includes(name) ? `\`npm ${name}\`` : `\`npm run ${name}\``,
  );
  const { rows } = firstTable(DOCUMENT);
  expect(rows.map(([command]) => command).toSorted()).toEqual(commands.toSorted());
});
