import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { packageFolderOf } from './app.files.ts';
import { billOfMaterials, type Bom } from './bill.of.materials.ts';
import { CONSOLE, packagesOfPage, type PagePackage } from './page.packages.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
let folder: string;
let listed: PagePackage[];

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const nameOf = ({ name, version }: { name: string; version?: string }): string => `${name}@${version}`;
const nameOfFile = (file: string): string[] => {
  const owner = packageFolderOf(file);
  return owner === undefined ? [] : [nameOf(read(join(owner, 'package.json')) as PagePackage)];
};

/** @throws Error with the output of Vite */
const build = (page: string, to: string): void => {
  const args = ['build', '--outDir', to, '--emptyOutDir', '--sourcemap', 'hidden', '--logLevel', 'error'];
  const env = { ...process.env, NODE_ENV: '' };
  execFileSync(process.execPath, [VITE, ...args], { cwd: page, env, stdio: ['ignore', 'pipe', 'pipe'] });
};
const textsIn = (built: string): string[] => {
  const [, ...texts] = readFileSync(join(built, 'licenses.txt'), 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  return texts;
};

// The build that the image has, with maps: they name the sources of the page, and Vite makes them by itself.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiber-page-'));
  build(join(ROOT, CONSOLE), folder);
  listed = packagesOfPage(folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The packages that the maps of the scripts name. */
const sourcesOfPage = (): Set<string> => {
  const maps = globSync('**/*.js.map', { cwd: folder }).map((path) => join(folder, path));
  expect(maps.length).toBeGreaterThan(0);
  const sources = maps.flatMap((map) =>
    (read(map) as { sources: string[] }).sources.map((source) => resolve(dirname(map), source)),
  );
  return new Set(sources.flatMap(nameOfFile));
};

test('the list of the page has each package whose code is in its scripts, and no other one', () => {
  const sources = sourcesOfPage();
  expect(sources.size).toBeGreaterThan(10);
  const names = listed.map(nameOf);
  expect([...sources].filter((name) => !names.includes(name))).toEqual([]);
  const others = listed.filter((one) => !sources.has(nameOf(one))).map(({ name }) => name);
  // What the builders add of their own is in no map.
  expect(others.filter((name) => !['vite', 'rolldown'].includes(name))).toEqual([]);
});

test('the bill of materials of the gateway names exactly these packages, with their licenses', () => {
  const installed = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const bill = billOfMaterials(JSON.parse(installed) as Bom, {
    ...{ app: 'gateway', root: ROOT, packages: [], bundled: listed, debian: [], nodeVersion: '24.0.0' },
    distribution: { id: 'debian', version: '12' },
  });
  const components = bill.components.filter(({ properties = [] }) =>
    properties.some(({ name }) => name === 'wiber:bundled'),
  );
  expect(components.map(nameOf).toSorted()).toEqual([...new Set(listed.map(nameOf))].toSorted());
  for (const { name, licenses } of components) {
    const { license } = listed.find((one) => one.name === name)!;
    expect([name, JSON.stringify(licenses)]).toEqual([name, expect.stringContaining(license)]);
  }
});

test('beside the page stands the text of the license of each package in it', () => {
  const parts = readFileSync(join(folder, 'licenses.txt'), 'utf8')
    .split(`\n${'-'.repeat(80)}\n\n`)
    .slice(1);
  expect(parts.map((part) => part.split('\n')[0])).toEqual(
    listed.map(({ name, version, license }) => `${name} ${version} (${license})`),
  );
  for (const part of parts) expect(part).toMatch(/permission|copyright/i);
  // The file of Vite also has the licenses of what is in Vite, and not in the page.
  expect(parts.filter((part) => /bundled dependencies/i.test(part))).toEqual([]);
});

describe('a page of which the packages are known', () => {
  const MIT = { license: 'MIT', author: { name: 'Ann' } };
  let page: string;

  beforeEach(() => (page = mkdtempSync(join(tmpdir(), 'wiber-page-'))));
  afterEach(() => rmSync(page, { recursive: true, force: true }));

  const write = (files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(page, path)), { recursive: true });
      writeFileSync(join(page, path), text);
    }
  };
  const addPackage = (name: string, manifest: object, files: Record<string, string>): void =>
    write(
      Object.fromEntries([
        [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.2.3', type: 'module', ...manifest })],
        ...Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]),
      ]) as Record<string, string>,
    );
  /** What the page has beside it: names and texts. */
  const built = (): { names: string[]; texts: string[] } => {
    const plugin = JSON.stringify(join(ROOT, CONSOLE, 'bundled.packages.mjs'));
    write({
      'index.html': '<script type="module" src="/main.js"></script>',
      'vite.config.mjs': `import { bundledPackages } from ${plugin};\nexport default { plugins: [bundledPackages()] };`,
    });
    build(page, join(page, 'dist'));
    const names = packagesOfPage(join(page, 'dist')).map(({ name }) => name);
    return { names: names.filter((name) => !['vite', 'rolldown'].includes(name)), texts: textsIn(join(page, 'dist')) };
  };

  test('lists what only a style sheet imports, and nothing of which all code was left out', () => {
    addPackage('rules', MIT, { LICENSE: 'the text of rules', 'a.css': 'p { color: red }' });
    addPackage('unused', { ...MIT, sideEffects: false }, { 'index.js': 'export const unused = () => document.title;' });
    write({
      'main.js': "import './main.css'; import { unused } from 'unused'; document.title = 'x';",
      'main.css': "@import 'rules/a.css';",
    });
    const { names, texts } = built();
    expect(names).toEqual(['rules']);
    expect(texts.find((text) => text.startsWith('rules 1.2.3 (MIT)'))).toContain('the text of rules');
  });

  test('has all texts of a package, and for one that only says MIT the text of MIT with its author', () => {
    addPackage('said', MIT, { 'index.js': "document.title += 'said';" });
    addPackage('two', { license: '0BSD' }, { 'index.js': "document.title += 'two';", NOTICE: 'N', 'LICENSE.txt': 'L' });
    write({ 'main.js': "import 'said'; import 'two';" });
    const { names, texts } = built();
    expect(names).toEqual(['said', 'two']);
    expect(texts.find((text) => text.startsWith('said'))).toMatch(/by Ann\.\n\nPermission is hereby granted/);
    expect(texts.find((text) => text.startsWith('two'))).toBe('two 1.2.3 (0BSD)\n\nL\n\nN\n');
  });

  test('is not built with a package that names no license, or one whose license has no text', () => {
    addPackage('bare', { license: 'Apache-2.0' }, { 'index.js': "document.title += 'bare';" });
    write({ 'main.js': "import 'bare';" });
    expect(built).toThrow('the page has code of bare, which has no text of its license Apache-2.0');
    addPackage('bare', {}, { LICENSE: 'free' });
    expect(built).toThrow('the page has code of bare, whose package.json has no license');
  });
});
