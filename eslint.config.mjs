import js from '@eslint/js';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { wiber } from './tools/boundaries/rules/wiber.plugin.mjs';

// A rule is an error or it is absent; each has its reason beside it. tools/boundaries proves that they bind.

// Without a cached project graph the Nx rule skips itself and lint succeeds: on a fresh clone it would be inert.
try {
  readCachedProjectGraph();
} catch {
  await createProjectGraphAsync();
}

const NODE = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']));

const SPECS = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'];
// Programs that start and measure the servers from outside; they read their settings wherever they need them.
const OUTSIDE = ['tools/**', 'docker/**', 'libs/harness/**'];
// These are handed to tools that load the default export and that call functions in their own way.
const LOADED_BY_TOOLS = [
  '**/*.config.{mjs,ts}',
  'jest.preset.js',
  '**/global-{setup,teardown}.{mjs,js,ts}',
  '**/*.reporter.{mjs,js,ts}',
];

/** contracts ← resilience, observability, kafka, mongo ← host ← apps. A project that matches no row may depend on nothing. */
const directions = (harness) => [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', ...harness] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:lib', 'type:harness'] },
  // What measures or breaks a running system starts one as the specs do.
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:harness'] },
  { sourceTag: 'type:harness', onlyDependOnLibsWithTags: ['scope:contracts'] },
  // The bottom: everyone may import them, so they import nobody. What is pure needs no server in its specs.
  { sourceTag: 'scope:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:resilience', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:observability', onlyDependOnLibsWithTags: ['scope:contracts', ...harness] },
  // Adapters don't know each other: a message's way from one to the other is an app's use case.
  ...['scope:kafka', 'scope:mongo'].map((sourceTag) => ({
    sourceTag,
    onlyDependOnLibsWithTags: ['scope:contracts', 'scope:resilience', 'scope:observability', ...harness],
  })),
  // What every app's process is made of, so it may know both adapters; they don't know it.
  {
    sourceTag: 'scope:host',
    onlyDependOnLibsWithTags: [
      'scope:contracts',
      'scope:resilience',
      'scope:observability',
      'scope:kafka',
      'scope:mongo',
      ...harness,
    ],
  },
];

const boundaries = (harness) => ['error', { banTransitiveDependencies: true, depConstraints: directions(harness) }];

const SYNTAX = [
  {
    // A function written as an argument is exempt: whoever calls it has fixed its parameters.
    selector:
      ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[params.length>3]' +
      ":not(MethodDefinition[kind='constructor'] > FunctionExpression):not(CallExpression > .arguments):not(:has(> * > Decorator))",
    message: 'More than three parameters: take an options object, whose names the caller has to write.',
  },
  {
    // Nest fills the constructors of its providers, by type and not by position; nobody writes that call.
    selector:
      "ClassDeclaration:not(:has(> Decorator)) > ClassBody > MethodDefinition[kind='constructor'] > FunctionExpression[params.length>3]",
    message: 'More than three parameters: take an options object, whose names the caller has to write.',
  },
  {
    selector: 'CallExpression[callee.object.name=/^(describe|it|test)$/][callee.property.name="only"]',
    message: 'A focused test silences every other one in the file.',
  },
];
const NAMED_EXPORTS = [
  {
    selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
    message: 'Named exports only: a thing has one name wherever it is used, and search finds it.',
  },
];
const ENVIRONMENT =
  'The environment is read and checked once, in *.env.ts, so that a wrong setting stops the start with one clear line; inject what you need.';

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/out-tsc',
    '**/coverage',
    '.nx',
    '.wiber',
    'tmp',
    '**/bench-results',
    '**/chaos-results',
  ]),
  // Every disable comment must still silence something: otherwise it waits to hide the next error.
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  // Both sets hold plain mistakes only, each an error.
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.{ts,mts,mjs,js}'],
    plugins: { '@nx': nx, wiber },
    languageOptions: { globals: NODE },
    rules: {
      // `==` converts before it compares.
      eqeqeq: 'error',
      // A new Error without the one that was caught loses the reason; style.md wants the cause kept.
      'preserve-caught-error': 'error',
      // Unused code is read and kept for nothing; `_` marks a parameter that a signature demands.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@nx/enforce-module-boundaries': boundaries([]),
      'wiber/file-name': 'error',
      // A use case can then be read, changed and removed alone.
      'wiber/one-use-case': ['error', { shared: ['http', 'messages'] }],
      'wiber/one-home': [
        'error',
        [
          {
            modules: ['kafkajs'],
            homes: [
              'libs/kafka/**',
              'libs/harness/**',
              'tools/stack/**',
              'tools/bench/src/**/*bare*',
              'tools/bench/src/**/*bare*/**',
              'tools/chaos/src/evidence/**',
              'tools/audit/src/evidence/**',
              'tools/chaos/src/tamper/**',
            ],
            reason:
              'only libs/kafka knows kafkajs, because most ways of using it lose acknowledged messages (docs/decisions).',
          },
          {
            modules: ['mongoose', 'mongodb', '@nestjs/mongoose'],
            homes: [
              'libs/mongo/**',
              'libs/harness/**',
              'tools/stack/**',
              'tools/bench/src/**/*bare*',
              'tools/bench/src/**/*bare*/**',
              'tools/chaos/src/evidence/**',
              'tools/audit/src/evidence/**',
            ],
            reason: 'only libs/mongo knows the database, so that schema, indexes and write concern have one place.',
          },
          {
            modules: ['@wiber/*/**'],
            homes: [],
            reason: 'a lib is entered through its index.ts; what that does not export is free to change.',
          },
        ],
      ],
      'no-restricted-syntax': ['error', ...SYNTAX, ...NAMED_EXPORTS],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT }],
      'no-restricted-imports': [
        'error',
        { paths: ['node:process', 'process'].map((name) => ({ name, importNames: ['env'], message: ENVIRONMENT })) },
      ],
    },
  },
  {
    files: ['**/*.{ts,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise nobody waits for takes its failure with it: here that is a message lost without a trace.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // An await of what is no promise is usually a call whose parentheses were forgotten.
      '@typescript-eslint/await-thenable': 'error',
      // `return promise` inside try leaves the catch before the promise fails.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // Outcomes are unions: a new kind must reach every switch that decides on them.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Filters and retry decide on the class and code of an error; a thrown string has neither.
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      // Node strips types and Nest reads them at run time: an import says which it is. The rule itself leaves files
      // with decorators alone, where the metadata needs the value.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: SPECS,
    rules: {
      // What comes off a wire is `any` until it is checked; these stop it from passing for checked.
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      // A line on the console has no level, no correlation id and no instance; the logger's have.
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.{ts,mts,mjs}'],
    ignores: SPECS,
    rules: {
      // Past this size a file has a second subject: look for the seam.
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: SPECS,
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: SPECS, rules: { '@nx/enforce-module-boundaries': boundaries(['type:harness']) } },
  {
    files: ['**/*.env.ts', '**/*.config.{mjs,ts}', 'jest.preset.js', ...OUTSIDE],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  { files: LOADED_BY_TOOLS, rules: { 'no-restricted-syntax': ['error', ...SYNTAX] } },
  // The one file above all projects, and the presets beside it: they are reached by path.
  { files: ['**/jest.config.mjs', 'eslint.config.mjs'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  // Plain JavaScript here is configuration and the bootstrap that runs before anything is installed.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
