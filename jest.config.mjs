import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The suffix of a spec tells its cost: `.spec.ts` no I/O, `.int-spec.ts` real servers, `.e2e-spec.ts` the whole system. */
const SPECS = ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.int-spec.ts', '<rootDir>/**/*.e2e-spec.ts'];

const project = (folder) => ({
  rootDir: `<rootDir>/${folder.path}`,
  displayName: folder.name,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@wiber/source', 'node', 'node-addons'] },
  testMatch: SPECS,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/out-tsc/'],
  modulePathIgnorePatterns: ['/dist/', '/out-tsc/', '/\\.wiber/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  errorOnDeprecated: true,
  globalSetup: join(import.meta.dirname, 'libs/harness/global-setup.mjs'),
  globalTeardown: join(import.meta.dirname, 'libs/harness/global-teardown.mjs'),
});

const folders = ['libs', 'apps', 'tools'].flatMap((kind) =>
  readdirSync(join(import.meta.dirname, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: `${kind}/${name}` })),
);

/** One Jest project for each Nx project. `jest --selectProjects kafka` runs one of them. */
export default {
  projects: folders.map(project),
  // The servers under test share the cores.
  maxWorkers: 1,
  testTimeout: 90_000,
};
