import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { HEADER } from '@wiber/contracts';
import { AppMetrics, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { AppInstance, type AppDefinition } from '@wiber/host';

const HOUR_MS = 3_600_000;
const STORED = 'wiber_messages_stored_total';
const SKEW = 'wiber_clock_skew_seconds';

let env: Record<string, string>;
let app: AppInstance;
let url: string;

beforeAll(async () => {
  env = await freshSystem();
  // The settings are read when the module is loaded.
  jest.replaceProperty(process, 'env', { ...env, INGEST_PORT: '0', LOG_LEVEL: 'silent' });
  const { ingestApp } = (await import('../ingest.app.ts')) as { ingestApp: AppDefinition };
  app = await AppInstance.create(ingestApp);
  await app.start();
  url = await app.url();
});

afterAll(async () => {
  await app?.stop();
  jest.restoreAllMocks();
});

const recordOf = (timestamp: number, headers: Record<string, string | Buffer> = {}, partition = 0) => {
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp, lamport: 1 };
  return { key: 'ann:ben', partition, value: Buffer.from(JSON.stringify(message)), headers };
};
const by = (gateway: string | Buffer) => ({ [HEADER.instance]: gateway });

test('of real records the skew of each gateway is exported within the time that the broker took; what a foreign producer writes is stored, and has one label', async () => {
  const now = Date.now();
  const records = [
    recordOf(now + HOUR_MS, by('gateway-ahead')),
    recordOf(now - HOUR_MS, by('gateway-behind'), 1),
    recordOf(now - 5000, by('gateway-right'), 2),
    recordOf(now, by('gateway-right'), 2),
    recordOf(now),
    recordOf(0, by(Buffer.from([0xff, 0x00]))),
    recordOf(Number.MAX_SAFE_INTEGER, by('a"} 1\nwiber_forged 1')),
    recordOf(now, by('x'.repeat(10_000))),
  ];
  // Each is a produce batch of its own.
  for (const record of records) await appendRaw(env, [record]);
  const tookMs = Date.now() - now;
  const metrics = await eventually(async () => {
    const seen = await AppMetrics.read(url);
    expect(seen.sum(STORED)).toBe(8);
    return seen;
  });
  for (const [gateway, aheadS] of [
    ['gateway-ahead', 3600],
    ['gateway-behind', -3600],
    ['gateway-right', 0],
  ] as const) {
    const skewS = metrics.sum(SKEW, { labels: { gateway } });
    expect(skewS).toBeLessThanOrEqual(aheadS + 0.001);
    expect(skewS).toBeGreaterThanOrEqual(aheadS - (tookMs + 1) / 1000);
  }
  const text = await (await fetch(`${url}/metrics`)).text();
  const labels = text
    .split('\n')
    .flatMap((line) => /^wiber_clock_skew_seconds\{.*gateway="([^"]*)"/.exec(line)?.[1] ?? []);
  expect(labels.toSorted()).toEqual(['gateway-ahead', 'gateway-behind', 'gateway-right', 'other']);
  expect(text).not.toContain('wiber_forged');
  expect(metrics.sum(SKEW, { labels: { gateway: 'other' } })).toBeGreaterThan(8e12);
});
