import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { AppProcess, PORT_VARIABLE, eventually, freshSystem, type AppName } from '@wiber/harness';

let env: Record<string, string>;
let taken: Server;

beforeAll(async () => {
  env = await freshSystem();
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => taken.close(resolve)));

const apps = Object.entries(PORT_VARIABLE) as [AppName, string][];

const onlyLine = (output: string): { level: number; msg: string } => {
  const lines = output.trim().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as { level: number; msg: string };
};

test.each<[AppName, string, string]>([
  ...apps.map(([app, variable]): [AppName, string, string] => [app, variable, 'abc']),
  ...apps.map(([app]): [AppName, string, string] => [app, 'MONGO_URI', 'localhost:27017']),
  ...apps.map(([app]): [AppName, string, string] => [app, 'KAFKA_TOPIC', '__consumer_offsets']),
  ...apps.map(([app]): [AppName, string, string] => [app, 'KAFKA_TOPIC', 'wiber.messages.dlq']),
  ['gateway', 'READ_DEADLINE_MS', '-1'],
  ['gateway', 'API_REQUEST_TIMEOUT_MS', '10s'],
  ['gateway', 'API_WAITS_MAX', '1025'],
  ['ingest', 'KAFKA_SESSION_TIMEOUT_MS', '0'],
  ['ingest', 'KAFKA_CONSUMER_GROUP', 'a group'],
])('%s ends with code 1 and one line that names %s when its value is %s', async (app, variable, value) => {
  const { code, output } = await AppProcess.runToEnd(app, { ...env, [variable]: value });
  expect(code).toBe(1);
  expect(onlyLine(output)).toMatchObject({
    level: 60,
    msg: expect.stringMatching(`^${variable} is '${value}'; it takes `),
  });
});

test.each(apps)('%s ends with code 1 and one line that names %s when its port is taken', async (app, variable) => {
  const { port } = taken.address() as AddressInfo;
  const { code, output } = await AppProcess.runToEnd(app, { ...env, [variable]: String(port) });
  expect(code).toBe(1);
  expect(onlyLine(output)).toMatchObject({
    level: 60,
    msg: `port ${port} of 127.0.0.1 is taken; stop what listens there or set ${variable} to another port`,
  });
});

test('a gateway whose reads may take 1 ms opens the store all the same, and is ready', async () => {
  const gateway = await AppProcess.start('gateway', { ...env, READ_DEADLINE_MS: '1' });
  try {
    await eventually(() => expect(gateway.output).toContain('the gateway reached Kafka and MongoDB'));
  } finally {
    await gateway.end();
  }
});

const HEALTH_CHECK = join(import.meta.dirname, '..', '..', '..', 'docker', 'healthcheck.mjs');

test.each(apps)(
  'the health check of the %s image passes while the app lives and fails once it has ended',
  async (name, variable) => {
    const app = await AppProcess.start(name, env);
    const check = () =>
      spawnSync(process.execPath, [HEALTH_CHECK], {
        env: { WIBER_APP: name, [variable]: new URL(app.url).port },
      }).status;
    try {
      expect(check()).toBe(0);
    } finally {
      await app.end();
    }
    expect(check()).toBe(1);
  },
);
