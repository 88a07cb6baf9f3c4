import type { Violation } from './lint.case.ts';

/** Violations of rules that need types. The code replaces the text of this project's main.ts. */
export const TYPED: readonly Violation[] = [
  {
    what: 'a function does not wait for a promise',
    file: 'tools/boundaries/src/main.ts',
    code: 'Promise.resolve(1);',
    refusedBy: '@typescript-eslint/no-floating-promises floatingVoid',
    needsTypes: true,
  },
  {
    what: 'a file without decorators imports a type as a value',
    file: 'tools/boundaries/src/main.ts',
    code: "import { ESLint } from 'eslint';\nexport const sample = (lint: ESLint) => lint;",
    refusedBy: '@typescript-eslint/consistent-type-imports typeOverValue',
    needsTypes: true,
  },
];
