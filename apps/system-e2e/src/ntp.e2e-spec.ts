import { AppMetrics, AppProcess, ChronyServer, eventually, freshSystem, type AppName } from '@wiber/harness';

const APPS: readonly AppName[] = ['gateway', 'ingest', 'metrics'];
/** How far the clock of chronyd is ahead: of this machine's by its own clock, by libfaketime. */
const AHEAD = { offsetSeconds: 3600.25 };
/** The shortest period there is. The first question comes in the first tenth of it. */
const OFTEN = { NTP_PERIOD_MS: '15000' };

let env: Record<string, string>;
let apps: AppProcess[] = [];

beforeAll(async () => {
  env = await freshSystem();
});

const start = async (settings: Record<string, string>, names = APPS): Promise<AppProcess[]> => {
  apps = await AppProcess.startAll(names.map((name) => [name, { ...env, ...settings }] as const));
  return apps;
};

afterEach(async () => {
  await Promise.all(apps.map((app) => app.end('SIGTERM')));
  apps = [];
});

const ask = async (app: AppProcess, path: string) => {
  const answer = await fetch(`${app.url}${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('without NTP_SERVERS health and metrics say nothing of the clock', async () => {
  for (const app of await start(OFTEN)) {
    const readiness = await ask(app, '/health/readiness');
    expect([readiness.status, Object.keys(readiness.body)]).toEqual([200, ['status', 'kafka', 'mongodb', 'breakers']]);
    expect(Object.keys((await ask(app, '/health/serving')).body)).toEqual(['status', 'work']);
    expect(await (await fetch(`${app.url}/metrics`)).text()).not.toMatch(/wiber_ntp_/);
  }
});

const missing = ChronyServer.missing(AHEAD);
if (missing !== undefined) process.stderr.write(`${missing}\n`);

// ChronyServer.missing says how to get it.
(missing === undefined ? test : test.skip)(
  'a machine an hour from its NTP server is shown by each app in metrics, health and one log line, and stays ready',
  async () => {
    const server = await ChronyServer.start({ ...AHEAD, stratum: 4 });
    try {
      for (const app of await start({ ...OFTEN, NTP_SERVERS: server.address })) {
        await eventually(async () => expect((await ask(app, '/health/serving')).body['clock']).toBe('degraded'));
        const readiness = await ask(app, '/health/readiness');
        expect([readiness.status, readiness.body['status'], readiness.body['clock']]).toEqual([
          200,
          'ready',
          'degraded',
        ]);
        const serving = await ask(app, '/health/serving');
        expect([serving.status, serving.body['status']]).toEqual([200, 'serving']);
        const metrics = await AppMetrics.read(app.url);
        const labels = { server: server.address };
        expect(metrics.sum('wiber_ntp_stratum', { labels })).toBe(4);
        expect(metrics.sum('wiber_ntp_reach_ratio', { labels })).toBeGreaterThan(0);
        const error = metrics.sum('wiber_ntp_clock_offset_seconds') - AHEAD.offsetSeconds;
        // A millisecond for what libfaketime and the rounding of the wall clock add.
        expect(Math.abs(error)).toBeLessThan(metrics.sum('wiber_ntp_max_error_seconds', { labels }) + 0.001);
        expect(app.output.match(/off by more than NTP_WARN_MS/g)).toHaveLength(1);
      }
    } finally {
      await server.stop();
    }
  },
);

test('a server that does not answer leaves the clock unknown, and the app ready', async () => {
  // Nobody listens at the port of discard (RFC 863) of this address.
  const [app] = await start({ ...OFTEN, NTP_SERVERS: '127.0.0.9:9' }, ['ingest']);
  await eventually(() => expect(app!.output).toContain('"reason":"unreachable"'));
  const readiness = await ask(app!, '/health/readiness');
  expect([readiness.status, readiness.body['clock']]).toEqual([200, 'unknown']);
  expect(app!.output.match(/"reason":"unreachable"/g)).toHaveLength(1);
});

test('an app does not start with wrong settings of NTP, and says what each takes', async () => {
  const wrong = { NTP_SERVERS: 'time.example.org;other', NTP_PERIOD_MS: '1000', NTP_WARN_MS: 'much' };
  const { code, output } = await AppProcess.runToEnd('ingest', { ...env, ...wrong });
  expect(code).toBe(1);
  for (const [variable, value] of Object.entries(wrong))
    expect(output).toContain(`${variable} is '${value}'; it takes`);
});
