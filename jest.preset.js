/**
 * What every project's tests share. The suffix tells the cost: `.spec.ts` does no I/O, `.int-spec.ts` talks to real
 * servers, `.e2e-spec.ts` runs the whole system. Real servers come from globalSetup, once a run.
 */
export default {
  testEnvironment: 'node',
  // A project that runs alone has no root config to take it from.
  testTimeout: 90_000,
  testEnvironmentOptions: { customExportConditions: ['@wiber/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/**/*.spec.ts', '<rootDir>/**/*.int-spec.ts', '<rootDir>/**/*.e2e-spec.ts'],
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
  globalSetup: '<rootDir>/../../libs/harness/global-setup.mjs',
  globalTeardown: '<rootDir>/../../libs/harness/global-teardown.mjs',
};
