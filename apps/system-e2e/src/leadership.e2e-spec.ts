import type { LeaderDto } from '@wiber/contracts';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import type { Store } from '@wiber/mongo';
import { leaderAfter, leadersOf, shownLease } from './leader.client.ts';
import { openStore } from './log.client.ts';

const TIMES = { METRICS_LEASE_TTL_MS: '1500', METRICS_LEASE_RENEW_MS: '900', METRICS_LEASE_RETRY_MS: '250' };

let env: Record<string, string>;
let store: Store;
const workers = new Map<string, AppProcess>();

const start = async (instance: string) => {
  workers.set(instance, await AppProcess.start('metrics', { ...env, ...TIMES, INSTANCE: instance }));
};
const end = async (instance: string, signal: NodeJS.Signals) => {
  const code = await workers.get(instance)!.end(signal);
  workers.delete(instance);
  return code;
};

beforeAll(async () => {
  env = await freshSystem();
  store = await openStore(env);
  await Promise.all(['metrics-1', 'metrics-2', 'metrics-3'].map(start));
});

afterAll(async () => {
  await Promise.all([...workers.keys()].map((instance) => end(instance, 'SIGKILL')));
  await store?.close();
});

const lease = () => shownLease(store, env['KAFKA_TOPIC']!);
const urls = (without?: string) =>
  new Map([...workers].filter(([instance]) => instance !== without).map(([instance, { url }]) => [instance, url]));

test('of three workers one leads; after a kill, a pause or a stop another does, in a higher term, and the history says how each term ended', async () => {
  const first = await leaderAfter(0, { urls: urls(), lease });

  await end(first.instance, 'SIGKILL');
  const second = await leaderAfter(first.term, { urls: urls(), lease });
  await start(first.instance);

  // The paused process does not know how long it was away.
  const paused = workers.get(second.instance)!;
  paused.signal('SIGSTOP');
  const third = await leaderAfter(second.term, { urls: urls(second.instance), lease });
  paused.signal('SIGCONT');
  await eventually(async () => expect(await paused.metric('wiber_leader_terms_ended_total')).toBe(1));
  expect(await leadersOf(urls())).toEqual([third]);

  expect(await end(third.instance, 'SIGTERM')).toBe(0);
  const fourth = await leaderAfter(third.term, { urls: urls(), lease });

  const { history } = await lease();
  const last = fourth.term - 1;
  expect(history.map(({ term }) => term)).toEqual(Array.from({ length: last }, (_, index) => last - index));
  const ended = [first, second, third].map(({ term }) => history.find((one) => one.term === term));
  expect(ended).toMatchObject([
    { holder: first.instance, end: 'expired' },
    { holder: second.instance, end: 'expired' },
    { holder: third.instance, end: 'released' },
  ]);
});

test('workers of two collections in one database lead beside each other, and each gateway shows the leader of its own', async () => {
  const before = await leaderAfter(0, { urls: urls(), lease });
  const other = { ...env, ...TIMES, MONGO_COLLECTION: 'messages_2', INSTANCE: 'copy-1' };
  const worker = await AppProcess.start('metrics', other);
  const gateway = await AppProcess.start('gateway', { ...other, INSTANCE: 'copy-gateway' });
  try {
    const leaderOf = async (url: string) => ((await (await fetch(`${url}/stats/leader`)).json()) as LeaderDto).leader;
    await eventually(async () => expect(await leaderOf(gateway.url)).toMatchObject({ holder: 'copy-1' }));
    await eventually(async () => expect((await fetch(`${gateway.url}/stats/overview`)).status).toBe(200));
    expect((await shownLease(store, env['KAFKA_TOPIC']!, 'messages_2')).holder?.holder).toBe('copy-1');
    expect((await lease()).holder).toMatchObject({ holder: before.instance, term: before.term });
  } finally {
    await Promise.all([worker.end('SIGTERM'), gateway.end('SIGTERM')]);
  }
});

test('a leader that does not reach Kafka gives the lease back, and a worker that does counts; the history says that it was given back', async () => {
  const cut = { ...env, ...TIMES, METRICS_LEASE_TTL_MS: '1200', MONGO_COLLECTION: 'messages_3' };
  const nobody = await AppProcess.start(
    'metrics',
    { ...cut, KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', INSTANCE: 'cut' },
    'liveness',
  );
  const own = () => shownLease(store, env['KAFKA_TOPIC']!, 'messages_3');
  const others = new Map([['cut', nobody.url]]);
  let sound: AppProcess | undefined;
  try {
    const first = await leaderAfter(0, { urls: others, lease: own });
    sound = await AppProcess.start('metrics', { ...cut, INSTANCE: 'sound' });
    others.set('sound', sound.url);
    const second = await leaderAfter(first.term, { urls: others, lease: own, within: 60_000 });
    expect(second.instance).toBe('sound');
    expect(await nobody.metric('wiber_leader_terms_ended_total', { labels: { why: 'yielded' } })).toBeGreaterThan(0);
    const before = (await own()).history.find(({ term }) => term === second.term - 1);
    expect(before).toMatchObject({ holder: 'cut', end: 'released' });
    const counts = { labels: { task: 'aggregate', outcome: 'done' }, orZero: true };
    await eventually(async () =>
      expect(await sound!.metric('wiber_leader_task_duration_seconds_count', counts)).toBeGreaterThan(0),
    );
  } finally {
    await Promise.all([nobody.end('SIGKILL'), sound?.end('SIGKILL')]);
  }
}, 120_000);
