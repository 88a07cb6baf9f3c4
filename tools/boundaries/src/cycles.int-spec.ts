import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const WORKSPACE = join(import.meta.dirname, '../../..');

/** For each file or folder, those that it imports. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Relative imports of a source text, also those of types alone: a reader follows them all the same. */
const relativeImports = (text: string): string[] =>
  ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'));

/** The imports between the files below a folder; the names are relative to it. */
const fileGraph = (folder: string): ImportGraph => {
  const files = globSync('**/*.{ts,tsx}', { cwd: folder });
  return new Map(
    files.map((file) => {
      const path = join(folder, file);
      const imports = relativeImports(readFileSync(path, 'utf8'));
      return [file, imports.map((name) => relative(folder, resolve(dirname(path), name)))];
    }),
  );
};

/** The imports between folders. Specs are left out, because a spec may prove something through any folder. */
const folderGraph = (files: ImportGraph): ImportGraph => {
  const topOf = (file: string): string => file.split('/')[0] ?? file;
  const graph = new Map<string, string[]>();
  for (const [file, imports] of files) {
    if (file.endsWith('spec.ts')) continue;
    const folder = topOf(file);
    const others = imports.map(topOf).filter((other) => other !== folder);
    graph.set(folder, [...(graph.get(folder) ?? []), ...others]);
  }
  return graph;
};

/** The cycles that a depth-first search meets, each as `a → b → a`. Empty exactly when the graph has no cycle. */
const cyclesOf = (graph: ImportGraph): string[] => {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node);
    if (start >= 0) return void found.push([...path.slice(start), node].join(' → '));
    if (finished.has(node)) return;
    for (const imported of graph.get(node) ?? []) visit(imported, [...path, node]);
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return [...new Set(found)];
};

const SOURCES = globSync('{apps,libs,tools}/*/src', { cwd: WORKSPACE }).sort();

describe('import cycles', () => {
  it('all projects with sources are checked', () => {
    const projects = globSync('{apps,libs,tools}/*/package.json', { cwd: WORKSPACE }).map((file) => dirname(file));
    expect(SOURCES).toEqual(
      projects
        .map((project) => `${project}/src`)
        .filter((source) => existsSync(join(WORKSPACE, source)))
        .sort(),
    );
    expect(SOURCES).toContain('tools/boundaries/src');
  });

  it.each(SOURCES)('no file of %s imports itself through other files', (source) => {
    expect(cyclesOf(fileGraph(join(WORKSPACE, source)))).toEqual([]);
  });

  it.each(SOURCES)('no folder of %s imports itself through other folders', (source) => {
    expect(cyclesOf(folderGraph(fileGraph(join(WORKSPACE, source))))).toEqual([]);
  });

  it('every form of import counts, and imports of packages do not', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      import { type C } from '../c.ts';
      export { d } from './d.ts';
      export * from './e.ts';
      import './f.ts';
      export const g = () => import('./g.ts');
      export type H = import('./h.ts').H;
      import { k } from 'kafkajs';`;
    const letters = relativeImports(text).map((name) => name.replace(/[./]|ts$/g, ''));
    expect(letters.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  it('a cycle is found with its path, from any file that leads to it', () => {
    const graph = new Map([
      ['main.ts', ['x/a.ts']],
      ['x/a.ts', ['y/b.ts', 'z/c.ts']],
      ['y/b.ts', ['z/c.ts']],
      ['z/c.ts', ['x/d.ts']],
    ]);
    expect(cyclesOf(graph)).toEqual([]);
    expect(cyclesOf(folderGraph(graph))).toEqual(['x → y → z → x']);
    expect(cyclesOf(new Map([...graph, ['z/c.ts', ['x/a.ts']]]))).toEqual(['x/a.ts → y/b.ts → z/c.ts → x/a.ts']);
    expect(
      cyclesOf(
        folderGraph(
          new Map([
            ['x/a.spec.ts', ['y/b.ts']],
            ['y/b.ts', ['x/c.ts']],
          ]),
        ),
      ),
    ).toEqual([]);
  });
});
