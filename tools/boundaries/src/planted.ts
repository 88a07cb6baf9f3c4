/**
 * A piece of code at a place in the workspace, and what is to refuse it: `rule messageId`, joined by commas where two
 * do. Without `refusedBy` it is allowed.
 */
export interface Planted {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly refusedBy?: string;
  /** Some rules need the types of the code; such code stands in for a file that exists, because only that has types. */
  readonly needsTypes?: true;
}

const NX = '@nx/enforce-module-boundaries';

export const PLANTED: readonly Planted[] = [
  // Controls: a set-up that refused everything, or that could not read the code, would not get past these.
  {
    what: 'an app imports a lib by its name',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/kafka';",
  },
  {
    what: 'libs/kafka imports kafkajs',
    file: 'libs/kafka/src/planted.client.ts',
    code: "export { Kafka } from 'kafkajs';",
  },
  {
    what: 'libs/mongo imports mongoose',
    file: 'libs/mongo/src/planted.client.ts',
    code: "export { connect } from 'mongoose';",
  },
  {
    what: 'a spec imports the testing lib',
    file: 'apps/gateway/src/planted.int-spec.ts',
    code: "export { planted } from '@wiber/testing';",
  },
  {
    what: 'an env file reads the environment',
    file: 'apps/gateway/src/planted.env.ts',
    code: 'export const planted = process.env.API_PORT;',
  },
  {
    what: 'a provider has a constructor of four parameters',
    file: 'apps/gateway/src/planted.service.ts',
    code: '@Injectable()\nexport class Planted { constructor(public a: A, public b: B, public c: C, public d: D) {} }',
  },

  // Direction. An app exports nothing, so its name leads nowhere: that is what refuses it, before its tags are asked.
  {
    what: 'an app imports an app',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/ingest';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'an app imports an app by a relative path',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '../../ingest/src/app.module.ts';",
    refusedBy: `${NX} noRelativeOrAbsoluteImportsAcrossLibraries`,
  },
  {
    what: 'a lib imports an app',
    file: 'libs/observability/src/planted.service.ts',
    code: "export { planted } from '@wiber/system-e2e';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'a lib that apps use imports one of them',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/gateway';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'contracts imports kafka',
    file: 'libs/contracts/src/planted.topics.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'contracts imports resilience, which makes no cycle',
    file: 'libs/contracts/src/planted.topics.ts',
    code: "export { planted } from '@wiber/resilience';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'resilience imports kafka',
    file: 'libs/resilience/src/planted.policy.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'resilience imports contracts, which makes no cycle',
    file: 'libs/resilience/src/planted.policy.ts',
    code: "export { planted } from '@wiber/contracts';",
    refusedBy: `${NX} emptyOnlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another adapter',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/mongo';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports another in its spec',
    file: 'libs/mongo/src/planted.int-spec.ts',
    code: "export { planted } from '@wiber/kafka';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'two libs import each other',
    file: 'libs/observability/src/planted.service.ts',
    code: "export { planted } from '@wiber/mongo';",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'two libs import each other, at run time only',
    file: 'libs/observability/src/planted.service.ts',
    code: "export const planted = import('@wiber/mongo');",
    refusedBy: `${NX} noCircularDependencies`,
  },
  {
    what: 'an app imports a tool',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/stack';",
    refusedBy: `${NX} noImportsOfApps`,
  },
  {
    what: 'a tool imports a tool',
    file: 'tools/bench/src/planted.service.ts',
    code: "export { planted } from '@wiber/stack';",
    refusedBy: `${NX} noImportsOfApps`,
  },
  {
    what: 'production code imports the testing lib',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/testing';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },
  {
    what: 'an adapter imports the testing lib outside its specs',
    file: 'libs/kafka/src/planted.service.ts',
    code: "export { planted } from '@wiber/testing';",
    refusedBy: `${NX} onlyTagsConstraintViolation`,
  },

  // One home for each technology, one door for each lib.
  {
    what: 'an app imports kafkajs',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { Kafka } from 'kafkajs';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports kafkajs at run time',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export const planted = import('kafkajs');",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app names a type of kafkajs in place',
    file: 'apps/ingest/src/planted.service.ts',
    code: "export type Planted = import('kafkajs').Producer;",
    refusedBy: '@typescript-eslint/consistent-type-imports noImportTypeAnnotations, wiber/one-home elsewhere',
  },
  {
    what: 'an app imports from inside kafkajs',
    file: 'apps/ingest/src/planted.service.ts',
    code: "export { planted } from 'kafkajs/src/producer/index.js';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'libs/mongo imports kafkajs',
    file: 'libs/mongo/src/planted.client.ts',
    code: "export { Kafka } from 'kafkajs';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports mongoose',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { connect } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'libs/kafka imports mongoose',
    file: 'libs/kafka/src/planted.client.ts',
    code: "export { connect } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports from inside a lib',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '@wiber/kafka/src/planted.client.ts';",
    refusedBy: `${NX} noTransitiveDependencies, wiber/one-home elsewhere`,
  },
  {
    what: 'an app imports from inside a lib by a relative path',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from '../../../libs/kafka/src/index.ts';",
    refusedBy: `${NX} noRelativeOrAbsoluteImportsAcrossLibraries`,
  },
  {
    what: 'an app imports a package that nothing declares',
    file: 'apps/gateway/src/planted.service.ts',
    code: "export { planted } from 'brace-expansion';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },

  // Rules that need types, in place of this project's own main.ts.
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

  // The environment, names and shapes.
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
