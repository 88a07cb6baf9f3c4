import type { Planted } from './lint.case.ts';

/** Rules that need types, in place of this project's own main.ts. */
export const TYPED: readonly Planted[] = [
  {
    what: 'nobody waits for a promise',
    file: 'tools/boundaries/src/main.ts',
    code: 'Promise.resolve(1);',
    refusedBy: '@typescript-eslint/no-floating-promises floatingVoid',
    needsTypes: true,
  },
  {
    what: 'a provider imports the class that Nest is to inject as a value',
    file: 'tools/boundaries/src/main.ts',
    code: "import { ESLint } from 'eslint';\n@Injectable()\nexport class Planted { constructor(readonly lint: ESLint) {} }",
    needsTypes: true,
  },
  {
    what: 'a file without decorators imports a type as a value',
    file: 'tools/boundaries/src/main.ts',
    code: "import { ESLint } from 'eslint';\nexport const planted = (lint: ESLint) => lint;",
    refusedBy: '@typescript-eslint/consistent-type-imports typeOverValue',
    needsTypes: true,
  },
];
