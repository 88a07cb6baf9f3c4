import { join } from 'node:path';

/** The suffix of a spec tells its cost: `.spec.ts` no I/O, `.int-spec.ts` real servers, `.e2e-spec.ts` the whole system. */
const SPECS = ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.int-spec.ts', '<rootDir>/**/*.e2e-spec.ts'];

/** The root of the workspace, for a pattern. */
export const ROOT = import.meta.dirname.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A folder of this name in a project. The clone itself may lie below a folder of that name. */
const inProject = (name) => `^${ROOT}/(?:apps|libs|tools)/(?:.*/)?${name}/`;

/** What the specs of all projects share. jest.config.mjs makes one Jest project of each Nx project from it. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@wiber/source', 'node', 'node-addons'] },
  testMatch: SPECS,
  testPathIgnorePatterns: ['node_modules', 'dist', 'out-tsc'].map(inProject),
  modulePathIgnorePatterns: ['dist', 'out-tsc', '\\.wiber'].map(inProject),
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
};
