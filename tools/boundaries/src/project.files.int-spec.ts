import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const WORKSPACE = join(import.meta.dirname, '../../..');
const ROOTS = globSync('{apps,libs,tools}/*/package.json', { cwd: WORKSPACE }).map((file) =>
  file.replace(/\/[^/]*$/, ''),
);

interface Package {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface TsConfig {
  readonly references?: readonly { readonly path: string }[];
}

const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(WORKSPACE, ...path), 'utf8')) as T;
const packageOf = (root: string): Package => read(root, 'package.json');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** The other projects that a tsconfig references, by name. */
const referencedBy = (root: string, config: string): string[] =>
  sorted(
    (read<TsConfig>(root, config).references ?? [])
      .map(({ path }) => /^\.\.\/\.\.\/libs\/([a-z-]+)\/tsconfig\.lib\.json$/.exec(path)?.[1])
      .filter((name) => name !== undefined),
  );

const listedBy = (root: string): string[] =>
  sorted(Object.keys(packageOf(root).dependencies ?? {}).map((name) => name.replace('@wiber/', '')));

const importedBySpecsOf = (root: string): string[] =>
  sorted(
    globSync(`${root}/src/**/*spec.ts`, { cwd: WORKSPACE }).flatMap((file) =>
      [...readFileSync(join(WORKSPACE, file), 'utf8').matchAll(/\bfrom '@wiber\/([a-z-]+)'/g)].map(
        ([, name]) => name ?? '',
      ),
    ),
  );

describe.each(ROOTS)('%s', (root) => {
  const isBuilt = existsSync(join(WORKSPACE, root, 'tsconfig.lib.json'));

  it('exports only files that its build makes', () => {
    const files = Object.entries(packageOf(root).exports ?? {}).flatMap(([, target]) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const sources = files.map((file) => file.replace(/^\.\/dist\/(.*?)(\.d\.ts|\.js)$/, './src/$1.ts'));
    expect(sources.filter((file) => !existsSync(join(WORKSPACE, root, file)))).toEqual([]);
    expect(isBuilt || files.length === 0).toBe(true);
  });

  it('lists projects only: the root package.json is the one list of npm packages', () => {
    const { dependencies, devDependencies } = packageOf(root);
    expect(Object.keys(dependencies ?? {}).filter((name) => !name.startsWith('@wiber/'))).toEqual([]);
    expect(devDependencies).toBeUndefined();
  });

  // @nx/dependency-checks proves that package.json lists what the production code imports.
  it('references in its tsconfig files exactly the projects that the code imports', () => {
    if (isBuilt) {
      expect(referencedBy(root, 'tsconfig.lib.json')).toEqual(listedBy(root));
      expect(referencedBy(root, 'tsconfig.json')).toEqual(importedBySpecsOf(root));
    } else {
      expect(referencedBy(root, 'tsconfig.json')).toEqual(sorted([...listedBy(root), ...importedBySpecsOf(root)]));
    }
  });
});
