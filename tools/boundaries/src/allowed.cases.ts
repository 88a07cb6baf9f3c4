import type { LintCase } from './lint.case.ts';

/** Code that lint allows. A lint set-up that refuses everything, or that cannot read the code, fails here. */
export const ALLOWED: readonly LintCase[] = [
  {
    what: 'an app imports a lib by its name',
    file: 'apps/gateway/src/sample.service.ts',
    code: "export { sample } from '@wiber/kafka';",
  },
  {
    what: 'an app makes a date of a time that it was given',
    file: 'apps/gateway/src/sample.service.ts',
    code: 'export const sample = (at: number) => new Date(at).toISOString();',
  },
  {
    what: 'libs/kafka imports kafkajs',
    file: 'libs/kafka/src/sample.client.ts',
    code: "export { Kafka } from 'kafkajs';",
  },
  {
    what: 'libs/mongo imports mongoose',
    file: 'libs/mongo/src/sample.client.ts',
    code: "export { connect } from 'mongoose';",
  },
  {
    what: 'libs/evidence imports kafkajs',
    file: 'libs/evidence/src/sample.client.ts',
    code: "export { Kafka } from 'kafkajs';",
  },
  {
    what: 'libs/evidence imports mongoose',
    file: 'libs/evidence/src/sample.client.ts',
    code: "export { connect } from 'mongoose';",
  },
  {
    what: 'a tool imports evidence',
    file: 'tools/chaos/src/sample.reader.ts',
    code: "export { sample } from '@wiber/evidence';",
  },
  {
    what: 'a use case imports a shared folder, its own files, and a file beside app.module.ts',
    file: 'apps/gateway/src/read-messages/sample.service.ts',
    code: [
      "export { sample } from '../http/sample.reader.ts';",
      "export { own } from './sample.query.ts';",
      "export { metrics } from '../gateway.metrics.ts';",
    ].join('\n'),
  },
  {
    what: 'a use case of metrics is a task of the leader',
    file: 'apps/metrics/src/aggregate/sample.task.ts',
    code: "export type { LeaderTask } from '../leadership/leader.task.ts';",
  },
  {
    what: 'the module imports every use case',
    file: 'apps/gateway/src/sample.module.ts',
    code: "export { sample } from './read-messages/sample.service.ts';",
  },
  {
    what: 'libs/mongo writes operators and names indexes',
    file: 'libs/mongo/src/messages/sample.reader.ts',
    code: "export const sample = { filter: { timestamp: { $gt: 1 } }, hint: 'conversation_by_time' };",
  },
  {
    what: 'an app names a reference of the OpenAPI document',
    file: 'apps/gateway/src/http/sample.document.ts',
    code: "export const sample = { $ref: '#/components/schemas/Sample' };",
  },
  {
    what: 'a spec imports the harness',
    file: 'apps/gateway/src/sample.int-spec.ts',
    code: "export { sample } from '@wiber/harness';",
  },
  {
    what: 'an env file reads the environment',
    file: 'apps/gateway/src/sample.env.ts',
    code: 'export const sample = process.env.API_PORT;',
  },
  {
    what: 'a provider has a constructor of four parameters',
    file: 'apps/gateway/src/sample.service.ts',
    code: '@Injectable()\nexport class Sample { constructor(public a: A, public b: B, public c: C, public d: D) {} }',
  },
  {
    what: 'a callback has four parameters, as its caller demands',
    file: 'libs/contracts/src/sample.topics.ts',
    code: 'visit((a: A, b: B, c: C, d: D) => [a, b, c, d]);',
  },
  {
    what: 'a file with decorators imports a class as a value that Nest injects',
    file: 'tools/boundaries/src/main.ts',
    code: "import { ESLint } from 'eslint';\n@Injectable()\nexport class Sample { constructor(readonly lint: ESLint) {} }",
    needsTypes: true,
  },
];
