import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnSystem, downloadCache } from '@wiber/harness';

/** Variables of a machine, each of which once kept the system from starting. */
const ODD_MACHINE = {
  NODE_ENV: 'production',
  CI: 'true',
  HOME: '/dev/null',
  LANG: 'tr_TR.UTF-8',
  LC_ALL: 'tr_TR.UTF-8',
  TZ: 'Nowhere/City',
  NODE_OPTIONS: '--no-deprecation',
  NODE_USE_ENV_PROXY: '1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  http_proxy: 'http://127.0.0.1:1',
  JAVA_TOOL_OPTIONS: '-XX:+UseG1GC',
  API_HOST: '127.0.0.2',
  INGEST_HOST: '0.0.0.0',
  METRICS_HOST: '::1',
  // What Kubernetes makes for services that are called kafka and ingest.
  KAFKA_PORT: 'tcp://10.0.0.1:9092',
  KAFKA_HOST: 'kafka.example',
  MONGO_HOST: 'mongo.example',
  INGEST_SERVICE_HOST: '10.0.0.1',
  // Empty is not set.
  KAFKA_BOOTSTRAP_SERVERS: '',
  KAFKA_PARTITIONS: '',
  MONGO_URI: '',
  OPERATOR_TOKEN: '',
  MONGO_DB: '',
};

let bin: string;
let system: OwnSystem;

/** A PATH with a shell, Node and what runs servers only: no git, no npm. */
const barePath = (): string => {
  bin = mkdtempSync(join(tmpdir(), 'wiber-bin-'));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const name of ['sh', 'java', 'mongod']) {
    const program = execFileSync('sh', ['-c', `command -v ${name} || true`], { encoding: 'utf8' }).trim();
    if (program) symlinkSync(program, join(bin, name));
  }
  return bin;
};

beforeAll(async () => {
  // HOME is odd, so the folder with the downloads of this machine is named.
  const env = { ...ODD_MACHINE, PATH: barePath(), WIBER_CACHE: downloadCache() };
  system = await OwnSystem.start({ gateway: 1, ingest: 1, metrics: 1 }, { env });
}, 120_000);

afterAll(async () => {
  await system?.close();
  rmSync(bin, { recursive: true, force: true });
});

test('on an odd machine everything starts, and each app is reached where it listens', () => {
  expect(new URL(system.urlOf('gateway')).hostname).toBe('127.0.0.2');
  expect(new URL(system.urlOf('ingest')).hostname).toBe('127.0.0.1');
  expect(new URL(system.urlOf('metrics')).hostname).toBe('[::1]');
});

test('on an odd machine a message is stored and read back', async () => {
  const gateway = system.urlOf('gateway');
  const message = { fromUser: 'İlker', toUser: 'ismail', content: 'Iğdır' };
  const sent = await fetch(`${gateway}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=10' },
    body: JSON.stringify(message),
  });
  expect(sent.status).toBe(201);
  const page = await fetch(`${gateway}/messages/${encodeURIComponent(message.fromUser)}/${message.toUser}`);
  expect(await page.json()).toMatchObject([message]);
});
