import type { Planted } from './planted.ts';

const NX = '@nx/enforce-module-boundaries';

/** One home for each technology, one door for each lib. */
export const HOME: readonly Planted[] = [
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
  {
    what: 'a use case imports another',
    file: 'apps/gateway/src/dead-letters/planted.service.ts',
    code: "export { planted } from '../send-message/planted.service.ts';",
    refusedBy: 'wiber/one-use-case other',
  },
  {
    what: 'a use case imports another in its spec, at run time',
    file: 'apps/ingest/src/store-message/planted.service.spec.ts',
    code: "export const planted = import('../failed-message/planted.service.ts');",
    refusedBy: 'wiber/one-use-case other',
  },
  {
    what: 'a shared folder imports a use case',
    file: 'apps/gateway/src/http/planted.reader.ts',
    code: "export { planted } from '../read-messages/planted.query.ts';",
    refusedBy: 'wiber/one-use-case other',
  },
];
