import type { Planted } from './planted.ts';

/** Controls: a set-up that refused everything, or that could not read the code, would not get past these. */
export const ALLOWED: readonly Planted[] = [
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
    what: 'a spec imports the harness',
    file: 'apps/gateway/src/planted.int-spec.ts',
    code: "export { planted } from '@wiber/harness';",
  },
  {
    what: 'a use case imports a shared folder, its own files, and a file beside app.module.ts',
    file: 'apps/gateway/src/read-messages/planted.service.ts',
    code: [
      "export { planted } from '../http/planted.reader.ts';",
      "export { own } from './planted.query.ts';",
      "export { metrics } from '../gateway.metrics.ts';",
    ].join('\n'),
  },
  {
    what: 'the module imports every use case',
    file: 'apps/gateway/src/planted.module.ts',
    code: "export { planted } from './read-messages/planted.service.ts';",
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
  {
    what: 'a callback takes the four parameters that its caller fixed',
    file: 'libs/contracts/src/planted.topics.ts',
    code: 'visit((a: A, b: B, c: C, d: D) => [a, b, c, d]);',
  },
];
