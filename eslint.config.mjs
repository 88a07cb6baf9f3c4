import js from '@eslint/js';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import json from 'jsonc-eslint-parser';
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';
import { PAGE } from './tools/boundaries/rules/page.rules.mjs';
import { STORE_WORDS } from './tools/boundaries/rules/store.words.mjs';
import { wiber } from './tools/boundaries/rules/wiber.plugin.mjs';

// Every rule is an error and has its reason beside it. tools/boundaries proves that lint refuses what the rules forbid.

// Without a cached project graph the Nx rules check nothing and lint passes, for example on a fresh clone.
// @nx/eslint/plugin loads this file while Nx makes the graph; a second graph made here would load this file again.
if (!globalThis.NX_GRAPH_CREATION) {
  try {
    readCachedProjectGraph();
  } catch {
    await createProjectGraphAsync();
  }
}

const NODE = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']));

const SOURCES = ['**/*.{ts,tsx,mts,mjs,js}'];
const SPECS = ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts'];
// These programs start and measure the servers from outside. They may read the environment anywhere.
const OUTSIDE = ['tools/**', 'docker/**', 'libs/harness/**'];
// Tools such as Jest load the default export of these files and fix the parameters of their functions.
const LOADED_BY_TOOLS = ['**/*.{preset,config}.*', '**/global-{setup,teardown}.*', '**/*.reporter.*'];

/**
 * Who may import whom: contracts, resilience, observability ← kafka, mongo, clocks ← host ← apps. A project without a row may
 * import no project. All apps share one row: the package.json of each app lists its libs, and lint checks that list.
 */
const imports = (harness) => ({
  'type:app': ['type:lib', ...harness],
  // Only types, which leave nothing in the page: see the rule for apps/console below.
  'type:page': ['scope:contracts'],
  // The bottom: every project may import these, so they import none.
  'scope:contracts': [],
  'scope:resilience': [],
  'scope:observability': [],
  // An adapter does not know another adapter: an app moves a message from one to the other.
  'scope:kafka': ['scope:contracts', 'scope:resilience', ...harness],
  'scope:mongo': ['scope:contracts', 'scope:resilience', ...harness],
  'scope:clocks': ['scope:resilience', ...harness],
  // The frame of every app's process. It knows both adapters; they do not know it.
  'scope:host': [
    ...['contracts', 'resilience', 'observability', 'clocks', 'kafka', 'mongo'].map((name) => `scope:${name}`),
    ...harness,
  ],
  'scope:harness': [],
  // It reads what the code under test wrote, so it must not use that code.
  'scope:evidence': ['scope:contracts', 'scope:harness'],
  'scope:system-e2e': ['scope:contracts', 'scope:mongo', 'scope:harness', 'scope:evidence'],
  'scope:audit': ['scope:contracts', 'scope:mongo', 'scope:harness', 'scope:evidence'],
  'scope:bench': ['scope:contracts', 'scope:kafka', 'scope:mongo', 'scope:harness', 'scope:evidence'],
  // These three check what the adapters did, so they must not use their code.
  'scope:chaos': ['scope:contracts', 'scope:harness', 'scope:evidence'],
  'scope:demo': ['scope:contracts', 'scope:harness', 'scope:evidence'],
  'scope:takeovers': ['scope:contracts', 'scope:harness', 'scope:evidence'],
  'scope:alerts': ['scope:contracts', 'scope:harness'],
  'scope:images': ['scope:harness', 'scope:evidence'],
  'scope:dlq': ['scope:contracts'],
  'scope:docs': ['scope:contracts', 'scope:observability', 'scope:harness'],
  'scope:manifests': ['scope:harness'],
  'scope:dashboards': ['scope:harness'],
  // These run before any lib is built, or need none.
  ...Object.fromEntries(['stack', 'boundaries', 'capacity'].map((name) => [`scope:${name}`, []])),
});

const directions = (harness) =>
  Object.entries(imports(harness)).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
    sourceTag,
    onlyDependOnLibsWithTags,
  }));

const boundaries = (harness) => ['error', { banTransitiveDependencies: true, depConstraints: directions(harness) }];

const SYNTAX = [
  {
    // Callbacks are exempt: the function that calls them fixes their parameters.
    selector:
      ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[params.length>3]' +
      ":not(MethodDefinition[kind='constructor'] > FunctionExpression):not(CallExpression > .arguments):not(:has(> * > Decorator))",
    message: 'More than three parameters: take an options object, so that each call names its values.',
  },
  {
    // Providers are exempt: Nest calls their constructors and finds each argument by its type.
    selector:
      "ClassDeclaration:not(:has(> Decorator)) > ClassBody > MethodDefinition[kind='constructor'] > FunctionExpression[params.length>3]",
    message: 'More than three parameters: take an options object, so that each call names its values.',
  },
  {
    selector: 'CallExpression[callee.object.name=/^(describe|it|test)$/][callee.property.name="only"]',
    message: 'A focused test skips every other test in the file.',
  },
];
const NAMED_EXPORTS = [
  {
    selector: ':matches(ExportDefaultDeclaration, ExportSpecifier[exported.name="default"])',
    message: 'Named exports only: each export has one name in every file, so that search finds it.',
  },
];
const CLOCK = [
  {
    selector:
      ':matches(MemberExpression[object.name="Date"], MemberExpression[object.property.name="Date"])' +
      ':matches([property.name="now"], [property.value="now"]), NewExpression[callee.name="Date"][arguments.length=0], ' +
      'CallExpression[callee.name="Date"], VariableDeclarator[init.name="Date"]',
    message:
      'People set the wall clock back: measure with monotonicNow() or performance.now(). For a time that is stored or shown: wallNow() of libs/contracts.',
  },
];
const ENVIRONMENT =
  'Only *.env.ts reads the environment: it checks each setting at start and reports a wrong one in one clear line. Inject the setting.';

// The root package.json is the only list of npm packages and their versions.
const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const NPM_PACKAGES = Object.keys({ ...dependencies, ...devDependencies });

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/out-tsc',
    '**/coverage',
    '{.nx,.wiber,tmp}',
    '**/{bench,chaos,demo,takeovers}-results',
  ]),
  // A disable comment that silences nothing would hide the next error on its line.
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  // Both sets hold plain mistakes only, each an error.
  { files: SOURCES, extends: [js.configs.recommended, tseslint.configs.recommended] },
  {
    files: ['{apps,libs,tools}/*/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: json },
    rules: {
      // Nx makes an edge of each entry. An entry without an import is a false edge: each change reruns tests for nothing.
      // The rule reads the files of a target that every project has, without the specs.
      '@nx/dependency-checks': [
        'error',
        {
          buildTargets: ['typecheck'],
          ignoredFiles: ['{projectRoot}/**/*spec.ts'],
          ignoredDependencies: NPM_PACKAGES,
        },
      ],
    },
  },
  {
    files: SOURCES,
    plugins: { '@nx': nx, wiber },
    languageOptions: { globals: NODE },
    rules: {
      // `==` converts its operands before it compares them.
      eqeqeq: 'error',
      // An Error thrown in a catch block without `cause` loses the reason of the failure.
      'preserve-caught-error': 'error',
      // Unused code costs every reader time. `_` marks a parameter that a signature demands.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@nx/enforce-module-boundaries': boundaries([]),
      'wiber/file-name': 'error',
      // A use case can then be read, changed and removed alone.
      'wiber/one-use-case': ['error', { shared: ['http', 'messages', 'leadership', 'clocks', 'tracing'] }],
      'wiber/one-home': [
        'error',
        [
          {
            modules: ['kafkajs'],
            homes: [
              'libs/kafka/**',
              'libs/harness/**',
              'libs/evidence/**',
              'tools/stack/**',
              'tools/bench/src/**/*bare*',
              'tools/bench/src/**/*bare*/**',
              'tools/chaos/src/nemesis/kafka/**',
            ],
            reason:
              'only libs/kafka imports kafkajs, because most ways to use it lose acknowledged messages (docs/decisions).',
          },
          {
            modules: ['mongoose', 'mongodb', '@nestjs/mongoose'],
            homes: [
              'libs/mongo/**',
              'libs/harness/**',
              'libs/evidence/**',
              'tools/stack/**',
              'tools/bench/src/**/*bare*',
              'tools/bench/src/**/*bare*/**',
            ],
            reason: 'only libs/mongo imports the driver, so that schema, indexes and write concern have one place.',
          },
          {
            modules: ['@opentelemetry/*'],
            homes: ['libs/observability/src/tracing/otlp.tracing.ts'],
            reason: 'only this file imports the SDK, so that a process that is not traced loads nothing of it.',
          },
          {
            modules: ['@wiber/*/**'],
            homes: [],
            reason: 'a lib is imported only through its index.ts, so that its other files can change freely.',
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
    files: ['**/*.{ts,tsx,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Nobody sees the failure of a promise that nobody awaits; a message could be lost without a trace.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // `await` of a value that is no promise is usually a call without its parentheses.
      '@typescript-eslint/await-thenable': 'error',
      // `return promise` inside try returns before the promise fails, so the catch block does not run.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      // Outcomes are unions: every switch on one must handle a new member.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Filters and retries read the class and code of an error; a thrown string has neither.
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      // Node removes type imports and Nest needs value imports at run time, so each import says which it is. The rule
      // skips files with decorators, because decorator metadata needs the value.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: SPECS,
    rules: {
      // Data from the network is `any` until it is checked. These rules refuse unchecked data as a typed value.
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      // A line of the logger has a level, a correlation id and an instance; a line on the console has none.
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx,mts,mjs}'],
    ignores: SPECS,
    rules: {
      // A longer file usually has two subjects: split it between them.
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: SPECS,
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: SPECS, rules: { '@nx/enforce-module-boundaries': boundaries(['type:harness']) } },
  {
    files: ['**/*.env.ts', '**/*.config.{mjs,ts}', ...OUTSIDE],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: [...SPECS, 'libs/contracts/src/wall.clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX, ...NAMED_EXPORTS, ...CLOCK] },
  },
  {
    files: ['apps/{gateway,ingest,metrics}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX, ...NAMED_EXPORTS, ...STORE_WORDS] },
  },
  {
    files: ['apps/{gateway,ingest,metrics}/**/*.ts'],
    ignores: SPECS,
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX, ...NAMED_EXPORTS, ...STORE_WORDS, ...CLOCK] },
  },
  ...PAGE,
  { files: LOADED_BY_TOOLS, rules: { 'no-restricted-syntax': ['error', ...SYNTAX] } },
  // This file belongs to no project and imports Wiber's own rules by their path.
  { files: ['eslint.config.mjs'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  // JavaScript files are configuration, or programs that run before npm packages are installed. They have no types.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
