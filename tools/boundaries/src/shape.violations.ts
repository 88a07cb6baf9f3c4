import type { Violation } from './lint.case.ts';

/** Violations of the rules for the environment, for names and for the shape of files and functions. */
export const SHAPE: readonly Violation[] = [
  {
    what: 'a service reads the environment',
    file: 'apps/gateway/src/sample.service.ts',
    code: 'export const sample = process.env.API_PORT;',
    refusedBy: 'no-restricted-properties restrictedObjectProperty',
  },
  {
    what: 'a service destructures the environment',
    file: 'libs/kafka/src/sample.service.ts',
    code: 'export const { env: sample } = process;',
    refusedBy: 'no-restricted-properties restrictedObjectProperty',
  },
  {
    what: 'a service imports the environment',
    file: 'libs/kafka/src/sample.service.ts',
    code: "export { env } from 'node:process';",
    refusedBy: 'no-restricted-imports importNameWithCustomMessage',
  },
  {
    what: 'a lib measures a time by the wall clock',
    file: 'libs/kafka/src/sample.service.ts',
    code: 'export const sample = () => Date.now();',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'an app hands on the wall clock as a function',
    file: 'apps/ingest/src/sample.service.ts',
    code: "export const sample = globalThis.Date['now'];",
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'an app makes a date of the present time',
    file: 'apps/gateway/src/sample.service.ts',
    code: 'export const sample = new Date();',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a file exports a default',
    file: 'libs/contracts/src/sample.topics.ts',
    code: "export default 'sample';",
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a function takes four parameters',
    file: 'libs/contracts/src/sample.topics.ts',
    code: 'export const sample = (a: A, b: B, c: C, d: D) => [a, b, c, d];',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a file has a name that says nothing',
    file: 'libs/contracts/src/utils.ts',
    code: 'export const sample = 1;',
    refusedBy: 'wiber/file-name empty',
  },
  {
    what: 'a file is not named in kebab-case',
    file: 'libs/contracts/src/sampleTopics.ts',
    code: 'export const sample = 1;',
    refusedBy: 'wiber/file-name kebab',
  },
  {
    what: 'a service file holds a controller',
    file: 'apps/gateway/src/sample.service.ts',
    code: '@Controller()\nexport class Sample {}',
    refusedBy: 'wiber/file-name role',
  },
];
