import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AppProcess,
  PrometheusServer,
  missingPromtool,
  appendRaw,
  eventually,
  freshSystem,
  type PromSample,
} from '@wiber/harness';
import { PAGES } from './pages/pages.ts';
import { forPrometheus } from './promql/query.reader.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** At least four scrapes, as Grafana has it. */
const WINDOW = '10s';

const missing = PrometheusServer.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
const testWithPrometheus = missing === undefined ? test : test.skip;

let env: Record<string, string>;
let apps: AppProcess[] = [];
let prometheus: PrometheusServer | undefined;

beforeAll(async () => {
  if (missing !== undefined) return;
  env = await freshSystem();
  apps = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
    ['metrics', { ...env, METRICS_SERVERS_PERIOD_MS: '1000', METRICS_CLOCKS_PERIOD_MS: '1000' }],
  ]);
  const [gateway, ingest, metrics] = apps.map(({ url }) => [url]);
  const rules = readFileSync(join(ROOT, 'docker', 'prometheus', 'rules', 'recording.yaml'), 'utf8');
  prometheus = await PrometheusServer.start({
    jobs: { gateway: gateway!, ingest: ingest!, metrics: metrics! },
    rules: [rules],
    periodMs: 500,
  });
}, 120_000);

afterAll(async () => {
  await prometheus?.stop();
  await Promise.all(apps.map((app) => app.end('SIGKILL')));
});

/** A little of everything: messages that are stored, read, refused, and one that becomes a dead letter. */
const use = async (): Promise<void> => {
  const url = apps[0]!.url;
  const send = (fromUser: string) =>
    fetch(`${url}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ fromUser, toUser: 'ben', content: randomUUID() }),
    });
  await Promise.all(['ann', 'cem', 'dee', 'not:a:name'].map(send));
  await fetch(`${url}/messages/ann/ben`);
  await appendRaw(env, [{ key: null, partition: 0, value: Buffer.from('{') }]);
};

const queries = PAGES.flatMap(({ title: page, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries: own }) => own.map((one) => ({ panel: `${page}: ${title}`, ...one }))),
  ),
);

/** Stands in a legend for a label that the series does not have. */
const NO_VALUE = '(none)';

const nameOf = (legend: string, { labels }: PromSample): string =>
  legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] || NO_VALUE);

testWithPrometheus(
  'no panel is empty: each query has a value on a real system, and each of its series a name of its own',
  async () => {
    let left = queries;
    const faults: string[] = [];
    await eventually(
      async () => {
        await use();
        const answers = await Promise.all(
          left.map(async (one) => ({ one, samples: await prometheus!.query(forPrometheus(one.expression, WINDOW)) })),
        );
        for (const { one, samples } of answers) {
          const names = samples.map((sample) => nameOf(one.legend, sample));
          if (new Set(names).size < names.length || names.some((name) => name.includes(NO_VALUE)))
            faults.push(`${one.panel}: ${names.join(', ')}`);
        }
        left = answers
          .filter(({ samples }) => !samples.some(({ value }) => Number.isFinite(value)))
          .map(({ one }) => one);
        expect(left.map(({ panel, expression }) => `${panel}: ${expression}`)).toEqual([]);
      },
      { within: 60_000 },
    );
    expect(faults).toEqual([]);
  },
  90_000,
);

const testWithBoth = missing === undefined && missingPromtool() === undefined ? test : test.skip;

testWithBoth('promtool finds no fault in what an app answers to a scrape', async () => {
  for (const { url } of apps) {
    const text = await (await fetch(`${url}/metrics`)).text();
    // Names of Node's own metrics are prom-client's.
    const own = text.split('\n\n').filter((metric) => metric.startsWith('# HELP wiber_'));
    expect(own.length).toBeGreaterThan(20);
    const input = `${own.join('\n')}\n`;
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect([stdout, stderr, status]).toEqual(['', '', 0]);
  }
});
