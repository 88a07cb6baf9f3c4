import type { Violation } from './lint.case.ts';

const NX = '@nx/enforce-module-boundaries';

/** Violations of: only one lib imports a technology, and a lib is imported only through its index.ts. */
export const HOME: readonly Violation[] = [
  {
    what: 'an app imports kafkajs',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { Kafka } from 'kafkajs';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports kafkajs at run time',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export const sample = import('kafkajs');",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app names a type of kafkajs with import()',
    file: 'apps/ingest/src/sample.service.ts',
    code: "export type Sample = import('kafkajs').Producer;",
    refusedBy: '@typescript-eslint/consistent-type-imports noImportTypeAnnotations, wiber/one-home elsewhere',
  },
  {
    what: 'an app imports from inside kafkajs',
    file: 'apps/ingest/src/sample.service.ts',
    code: "export { sample } from 'kafkajs/src/producer/index.js';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'libs/mongo imports kafkajs',
    file: 'libs/mongo/src/sample.client.ts',
    code: "export { Kafka } from 'kafkajs';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports mongoose',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { connect } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'libs/kafka imports mongoose',
    file: 'libs/kafka/src/sample.client.ts',
    code: "export { connect } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'the evidence of a tool imports kafkajs, past libs/evidence',
    file: 'tools/audit/src/evidence/sample.reader.ts',
    code: "export { Kafka } from 'kafkajs';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'the evidence of a tool imports mongoose, past libs/evidence',
    file: 'tools/chaos/src/evidence/sample.reader.ts',
    code: "export { connect } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports the SDK of traces',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { TracerProvider } from '@opentelemetry/sdk-trace';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'another file of libs/observability imports the API of traces',
    file: 'libs/observability/src/tracing/sample.tracing.ts',
    code: "export { trace } from '@opentelemetry/api';",
    refusedBy: 'wiber/one-home elsewhere',
  },
  {
    what: 'an app imports from inside a lib',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '@wiber/kafka/src/sample.client.ts';",
    refusedBy: `${NX} noTransitiveDependencies, wiber/one-home elsewhere`,
  },
  {
    what: 'an app imports from inside a lib by a relative path',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '../../../libs/kafka/src/index.ts';",
    refusedBy: `${NX} noRelativeOrAbsoluteImportsAcrossLibraries`,
  },
  {
    what: 'an app imports a package that no package.json declares',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from 'brace-expansion';",
    refusedBy: `${NX} noTransitiveDependencies`,
  },
  {
    what: 'a use case imports another',
    file: 'apps/gateway/src/dead-letters/sample.service.ts',
    code: "export { sample } from '../send-message/sample.service.ts';",
    refusedBy: 'wiber/one-use-case other',
  },
  {
    what: 'a use case imports another in its spec, at run time',
    file: 'apps/ingest/src/store-message/sample.service.spec.ts',
    code: "export const sample = import('../failed-message/sample.service.ts');",
    refusedBy: 'wiber/one-use-case other',
  },
  {
    what: 'a shared folder imports a use case',
    file: 'apps/gateway/src/http/sample.reader.ts',
    code: "export { sample } from '../read-messages/sample.query.ts';",
    refusedBy: 'wiber/one-use-case other',
  },
  {
    what: 'an app writes a MongoDB operator',
    file: 'apps/gateway/src/read-messages/sample.service.ts',
    code: 'export const sample = { timestamp: { $gt: 1 } };',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'an app writes a MongoDB operator as a string',
    file: 'apps/ingest/src/store-message/sample.service.ts',
    code: "export const sample = { '$or': [] };",
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'an app names an index of a schema',
    file: 'apps/gateway/src/read-messages/sample.service.ts',
    code: "export const sample = 'conversation_by_time';",
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'a spec of an app names an index of a schema, in a template',
    file: 'apps/gateway/src/read-messages/sample.service.spec.ts',
    code: 'export const sample = `index: message_once`;',
    refusedBy: 'no-restricted-syntax restrictedSyntax',
  },
  {
    what: 'an app names a type of the driver',
    file: 'apps/gateway/src/read-messages/sample.service.ts',
    code: "export type { mongo } from 'mongoose';",
    refusedBy: 'wiber/one-home elsewhere',
  },
];
