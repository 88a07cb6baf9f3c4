import type { Planted } from './lint.case.ts';

/** The environment, names and shapes. */
export const SHAPE: readonly Planted[] = [
  {
    what: 'a service reads the environment',
    file: 'apps/gateway/src/planted.service.ts',
    code: 'export const planted = process.env.API_PORT;',
    refusedBy: 'no-restricted-properties restrictedObjectProperty',
  },
  {
    what: 'a service takes the environment apart',
    file: 'libs/kafka/src/planted.service.ts',
    code: 'export const { env: planted } = process;',
    refusedBy: 'no-restricted-properties restrictedObjectProperty',
  },
  {
    what: 'a service imports the environment',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { env } from 'node:process';",
    refusedBy: 'no-restricted-imports importNameWithCustomMessage',
  },
  {
    what: 'a file exports a default',
    file: 'libs/contracts/src/planted.topics.ts',
    code: "export default 'planted';",
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a function takes four parameters',
    file: 'libs/contracts/src/planted.topics.ts',
    code: 'export const planted = (a: A, b: B, c: C, d: D) => [a, b, c, d];',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a file is named for a drawer',
    file: 'libs/contracts/src/utils.ts',
    code: 'export const planted = 1;',
    refusedBy: 'wiber/file-name empty',
  },
  {
    what: 'a file is not named in kebab-case',
    file: 'libs/contracts/src/plantedTopics.ts',
    code: 'export const planted = 1;',
    refusedBy: 'wiber/file-name kebab',
  },
  {
    what: 'a controller hides in a service file',
    file: 'apps/gateway/src/planted.service.ts',
    code: '@Controller()\nexport class Planted {}',
    refusedBy: 'wiber/file-name role',
  },
];
