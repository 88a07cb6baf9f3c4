import { GroupReader, readTopic } from '@wiber/evidence';
import { AppProcess, appendRaw, eventually, freshSystem } from '@wiber/harness';
import { post } from './api.client.ts';
import { append, drained, messageOf } from './log.client.ts';
import { expectRecount, leader, overview, partitions, series, shownOf, sumOf } from './stats.client.ts';

let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess;
/** By their instance. */
const workers = new Map<string, AppProcess>();
let group: GroupReader;

/** Quick to take over, so that a leader of the past wakes while another one counts. */
const LEASE = { METRICS_LEASE_TTL_MS: '1500', METRICS_LEASE_RENEW_MS: '900', METRICS_LEASE_RETRY_MS: '300' };

const startWorker = async (instance: string): Promise<void> => {
  const given = { ...env, ...LEASE, INSTANCE: instance, METRICS_PERIOD_MS: '100' };
  workers.set(instance, await AppProcess.start('metrics', given));
};

/** The leader, once it has led in a term over `term`. */
const leaderAfter = (term: number) =>
  eventually(async () => {
    const { leader: present } = await leader(gateway.url);
    if (!present || present.term <= term) throw new Error(`no leader after term ${term}`);
    return { term: present.term, process: workers.get(present.holder)! };
  });

beforeAll(async () => {
  env = await freshSystem();
  [gateway, ingest] = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
  ]);
  group = new GroupReader(env);
});

afterAll(async () => {
  await Promise.all([gateway, ingest, ...workers.values()].map((app) => app?.end('SIGKILL')));
});

test('before a worker has counted, figures are refused with stats_pending', async () => {
  for (const path of ['overview', 'series?metric=accepted', 'partitions']) {
    const answer = await fetch(`${gateway.url}/stats/${path}`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([404, '1']);
    expect(await answer.json()).toMatchObject({ code: 'stats_pending' });
  }
});

test('each message is shown once: accepted, stored or dead-lettered, with its users, its bytes and its latency', async () => {
  await startWorker('worker-1');
  const users = ['ann', 'ben', 'cat', 'dan'];
  for (const fromUser of users)
    for (const toUser of users.filter((name) => name !== fromUser))
      expect((await post(gateway.url, { fromUser, toUser, content: 'hello' })).status).toBe(202);
  await appendRaw(env, [
    { key: 'ann:eve', partition: 0, value: Buffer.from('no message') },
    { key: 'ann:eve', partition: 1, value: Buffer.from(JSON.stringify({ ...messageOf(1), content: '' })) },
  ]);
  await drained(group);
  const records = await readTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  await eventually(async () => {
    expect(await overview(gateway.url)).toMatchObject({
      lag: 0,
      accepted: { total: 14, bytes },
      stored: { total: 12 },
      deadLettered: {
        total: 2,
        reasons: [
          { reason: 'unreadable', count: 1 },
          { reason: 'schema', count: 1 },
        ],
      },
    });
  });
  const url = gateway.url;
  for (const step of ['second', 'minute', 'hour']) {
    expect([step, sumOf(await series(url, 'accepted', step))]).toEqual([step, 14]);
    expect([step, sumOf(await series(url, 'bytes', step))]).toEqual([step, bytes]);
    expect([step, sumOf(await series(url, 'stored', step))]).toEqual([step, 12]);
    expect([step, sumOf(await series(url, 'dead_lettered', step))]).toEqual([step, 2]);
  }
  // All of it may be in two hours, when the clock passes one meanwhile.
  const hours = (await series(url, 'users', 'hour')).filter(({ value }) => value > 0);
  if (hours.length === 1) expect(hours[0]).toMatchObject({ value: 5, isExact: true });
  const latency = (await series(url, 'latency', 'hour')).filter(({ value }) => value > 0);
  expect(sumOf(latency)).toBe(12);
  for (const { latency: measured } of latency) expect(measured!.max).toBeLessThan(60_000);
  // Figures are durable before the position up to which they count, and the lag is of the round before.
  await eventually(async () => {
    const seen = await partitions(url);
    expect(seen.map(({ accepted }) => accepted).reduce((a, b) => a + b)).toBe(14);
    for (const { lag, storedFrom, end, acceptedTo, storedTo } of seen)
      expect([lag, storedFrom, acceptedTo, storedTo]).toEqual([0, 0, end, end]);
  });
});

test('when a leader is stopped and wakes after another has taken over, and that one is killed, each window equals the recount', async () => {
  await Promise.all([startWorker('worker-2'), startWorker('worker-3')]);
  const before = (await overview(gateway.url)).accepted.total;
  let sent = 0;
  const send = async (count: number) => {
    for (let from = 0; from < count; from += 100)
      await append(
        env,
        Array.from({ length: 100 }, (_, index) => messageOf(index)),
      );
    sent += count;
  };
  await send(500);
  const first = await leaderAfter(0);
  const sending = send(1000);
  first.process.signal('SIGSTOP');
  const second = await leaderAfter(first.term);
  await Promise.all([
    sending,
    eventually(async () => expect((await overview(gateway.url)).accepted.total).toBeGreaterThan(before)),
  ]);
  first.process.signal('SIGCONT');
  await send(500);
  await second.process.end('SIGKILL');
  await send(1000);
  await leaderAfter(second.term);
  await drained(group);
  await eventually(async () => {
    const { accepted, stored } = await overview(gateway.url);
    expect([accepted.total, stored.total]).toEqual([before + sent, before - 2 + sent]);
  });
  await expectRecount(gateway.url, env);
  expect(sumOf(await series(gateway.url, 'stored', 'second'))).toBe(before - 2 + sent);
});

test('the leader is shown by the lease, with those that led before', async () => {
  await eventually(async () => {
    const { term, leader: present, history } = await leader(gateway.url);
    expect(present?.term).toBe(term);
    expect(present!.expiresAt).toBeGreaterThan(present!.since);
    expect(history.map(({ holder }) => holder)).toContain('worker-1');
    const terms = [term, ...history.map((one) => one.term)];
    expect(terms).toEqual(terms.toSorted((a, b) => b - a));
  });
});

test('windows of an idle system are closed a few seconds later', async () => {
  const newest = async () => Math.max(...(await shownOf(gateway.url, 'second')).keys());
  const last = await newest();
  await eventually(async () => {
    for (const metric of ['accepted', 'stored', 'dead_lettered'] as const) {
      const point = (await series(gateway.url, metric, 'second')).find(({ start }) => start === last);
      expect([metric, point?.isClosed]).toEqual([metric, true]);
    }
  });
});

test('a key that names no conversation counts as a record, and as no user', async () => {
  const usersBefore = sumOf(await series(gateway.url, 'users', 'hour'));
  const { total } = (await overview(gateway.url)).accepted;
  await appendRaw(env, [{ key: 'nobody', partition: 2, value: Buffer.from(JSON.stringify(messageOf(1))) }]);
  await eventually(async () => expect((await overview(gateway.url)).accepted.total).toBe(total + 1));
  expect(sumOf(await series(gateway.url, 'users', 'hour'))).toBe(usersBefore);
});

test('while ingest hangs, each partition shows what waits for it, and since when', async () => {
  ingest.signal('SIGSTOP');
  try {
    await append(
      env,
      Array.from({ length: 30 }, (_, index) => messageOf(index)),
    );
    await eventually(async () => {
      const seen = await partitions(gateway.url);
      expect(seen.reduce((sum, { lag }) => sum + lag, 0)).toBe(30);
      for (const { lag, waitingSince } of seen)
        if (lag > 0) expect(Math.abs(waitingSince! - Date.now())).toBeLessThan(60_000);
    });
  } finally {
    ingest.signal('SIGCONT');
  }
  await eventually(async () => {
    for (const { lag, waitingSince } of await partitions(gateway.url))
      expect([lag, waitingSince]).toEqual([0, undefined]);
  });
});
