import type { BusiestDto, ServersDto } from '@wiber/contracts';
import { GroupReader } from '@wiber/evidence';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';
import { append, drained, messageOf, openStore } from './log.client.ts';

const TOKEN = 'an-operator-token-of-this-spec';
const HOUR_MS = 3_600_000;
let env: Record<string, string>;
let gateway: AppProcess;
let ingest: AppProcess;
let worker: AppProcess;
let group: GroupReader;

beforeAll(async () => {
  env = await freshSystem();
  [gateway, ingest, worker] = await AppProcess.startAll([
    ['gateway', { ...env, OPERATOR_TOKEN: TOKEN }],
    ['ingest', env],
    ['metrics', { ...env, METRICS_SERVERS_PERIOD_MS: '1000' }],
  ]);
  group = new GroupReader(env);
});

afterAll(async () => {
  await Promise.all([gateway, ingest, worker].map((app) => app?.end('SIGKILL')));
});

const ask = async <T>(path: string): Promise<T> => {
  const answer = await fetch(`${gateway.url}${path}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

const send = (counts: Record<string, number>) =>
  append(
    env,
    Object.entries(counts).flatMap(([fromUser, count]) =>
      Array.from({ length: count }, (_, index) => messageOf(index, { fromUser })),
    ),
  );

test('who talks to whom, and which machines there are, is shown to operators only', async () => {
  for (const path of ['/stats/busiest', '/stats/servers', '/stats/clocks']) {
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(401);
    expect((await fetch(`${gateway.url}${path}`, { headers: { Authorization: 'Bearer x' } })).status).toBe(401);
  }
});

test('the busiest conversations of an hour are shown with exact counts while they are few', async () => {
  const at = Date.now();
  await send({ user1: 5, user2: 9, user3: 2 });
  // All of it may be in two hours, when the clock passes one meanwhile.
  const hours = [at, at + HOUR_MS].map((time) => `/stats/busiest?step=hour&at=${time}`);
  await eventually(async () => {
    const shown = await Promise.all(hours.map((path) => ask<BusiestDto>(path)));
    const counts = new Map<string, number>();
    for (const { conversations, unlistedAtMost } of shown) {
      expect(unlistedAtMost).toBe(0);
      for (const { users, count, error } of conversations) {
        expect(error).toBe(0);
        counts.set(users.join(), (counts.get(users.join()) ?? 0) + count);
      }
    }
    expect(Object.fromEntries(counts)).toEqual({ 'hub,user1': 5, 'hub,user2': 9, 'hub,user3': 2 });
  });
  const { conversations } = await ask<BusiestDto>(`/stats/busiest?step=hour&at=${at}&limit=1`);
  expect(conversations.length).toBeLessThanOrEqual(1);
});

test('the servers are shown as the leader saw them: the group, the brokers, the copies, the sizes, the replica set', async () => {
  await drained(group);
  const seen = await eventually(async () => {
    const servers = await ask<ServersDto>('/stats/servers');
    expect(servers.unknown).toEqual([]);
    expect(servers.group).toMatchObject({ state: 'Stable', total: 1 });
    expect(servers.collections!.find(({ collection }) => collection === 'messages')?.documents).toBe(16);
    return servers;
  });
  expect(Math.abs(seen.seenAt - Date.now())).toBeLessThan(60_000);
  expect(seen.group!.members[0]!.partitions).toEqual([0, 1, 2]);
  expect(seen.brokers!.total).toBeGreaterThan(0);
  expect(seen.topic).toMatchObject({ total: 3, underReplicated: 0, withoutLeader: 0 });
  expect(seen.log!.partitions.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
  expect(seen.replicaSet!.members.map(({ state }) => state)).toContain('PRIMARY');
  expect(seen.deadLetters).toEqual({ open: 0, isExact: true, reasons: [] });
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toMatch(/^wiber_stats_group_members\{[^}]*\} 1$/m);
  expect(metrics).toMatch(/^wiber_stats_under_replicated_partitions\{[^}]*\} 0$/m);
});

test('a count of all messages equals the count of the documents, on a live system at rest, and while a worker is away', async () => {
  const store = await openStore(env);
  const counted = async () => (await ask<{ count: number }>('/messages/count')).count;
  const isEqual = async () =>
    expect(await counted()).toBe(await store.messageReader().count('all', { withinMs: 5000 }));
  try {
    await send({ user4: 300, user5: 300 });
    await drained(group);
    await isEqual();
    await worker.end('SIGKILL');
    await send({ user6: 300 });
    await drained(group);
    await isEqual();
    expect(await counted()).toBe(916);
  } finally {
    await store.close();
  }
});
