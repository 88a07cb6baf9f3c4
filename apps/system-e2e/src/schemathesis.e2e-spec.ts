import { deadLetterTopicOf } from '@wiber/contracts';
import { AppProcess, appendRaw, eventually, freshSystem, runSchemathesis } from '@wiber/harness';
import { documentOf } from './openapi.client.ts';
import { overview } from './stats.client.ts';
import { OperatorClient } from './operator.client.ts';

const TOKEN = 'a-token-of-this-spec-alone';
/** Its answers to most valid requests do not end. The one to its example does. */
const ENDLESS = '/stats/stream';
let gateway: AppProcess;
let ingest: AppProcess;
let metrics: AppProcess;

beforeAll(async () => {
  const env = await freshSystem();
  [gateway, ingest, metrics] = await AppProcess.startAll([
    ['gateway', { ...env, OPERATOR_TOKEN: TOKEN }],
    ['ingest', env],
    ['metrics', env],
  ]);
  const letters = { ...env, KAFKA_TOPIC: deadLetterTopicOf(env['KAFKA_TOPIC']!) };
  await appendRaw(letters, [{ key: 'a:b', partition: 0, value: Buffer.from('x') }]);
  await eventually(async () => expect(await new OperatorClient(gateway.url, TOKEN).list()).toHaveLength(1));
  await eventually(async () => expect((await overview(gateway.url)).deadLettered.total).toBe(1));
});

afterAll(async () => {
  await Promise.all([gateway?.end(), ingest?.end(), metrics?.end()]);
});

test('schemathesis finds no answer that the document does not declare, no valid request refused and no invalid one taken', async () => {
  const { paths } = await documentOf(gateway.url);
  const operations = Object.entries(paths)
    .filter(([path]) => path !== ENDLESS)
    .flatMap(([, methods]) => Object.keys(methods)).length;
  const { code, output, cases } = await runSchemathesis([
    'run',
    `${gateway.url}/docs-json`,
    ...['--header', `Authorization: Bearer ${TOKEN}`],
    ...['--exclude-path', ENDLESS],
    ...['--checks', 'all'],
    ...['--max-examples', '10'],
    ...['--seed', '1'],
    ...['--request-timeout', '20'],
    '--continue-on-failure',
    '--no-color',
  ]);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`Tested: ${operations}`) });
  expect(cases).toBeGreaterThanOrEqual(500);
}, 300_000);

test('schemathesis finds the events of the stream as the document declares them', async () => {
  const { code, output } = await runSchemathesis([
    'run',
    `${gateway.url}/docs-json`,
    ...['--include-path', ENDLESS],
    ...['--phases', 'examples'],
    ...['--checks', 'all'],
    ...['--request-timeout', '20'],
    '--no-color',
  ]);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Tested: 1') });
});
