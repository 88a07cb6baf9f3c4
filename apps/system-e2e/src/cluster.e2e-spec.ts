import type { Message } from '@wiber/contracts';
import { GroupReader, primaryAddress } from '@wiber/evidence';
import { AppProcess, OwnServers, eventually, freshSystem } from '@wiber/harness';
import { post, walkLog } from './api.client.ts';
import { drained } from './log.client.ts';
import { expectRecount, overview, series, sumOf } from './stats.client.ts';

const USERS = Array.from({ length: 12 }, (_, index) => `user${index}`);
let servers: OwnServers;
let env: Record<string, string>;
let group: GroupReader;
let gateways: AppProcess[] = [];
let ingests: AppProcess[] = [];
let workers: AppProcess[] = [];

beforeAll(async () => {
  servers = await OwnServers.start({ brokers: 3, mongod: 3 });
  env = { ...(await freshSystem(servers, 6)), KAFKA_SESSION_TIMEOUT_MS: '6000' };
  group = new GroupReader(env);
  gateways = await AppProcess.startAll([
    ['gateway', env],
    ['gateway', env],
  ]);
  ingests = await AppProcess.startAll([
    ['ingest', env],
    ['ingest', env],
  ]);
  workers = await AppProcess.startAll([
    ['metrics', { ...env, INSTANCE: 'metrics-1' }],
    ['metrics', { ...env, INSTANCE: 'metrics-2' }],
  ]);
});

afterAll(async () => {
  await Promise.all([...gateways, ...ingests, ...workers].map((app) => app.end('SIGKILL')));
  await servers?.close();
});

/** Each user sends to `hub`, one message after the other, through both gateways in turn, until `stop` is called. */
const startLoad = () => {
  const acked = new Map<string, Message[]>(USERS.map((user) => [user, []]));
  let going = true;
  const senders = USERS.map(async (user, start) => {
    for (let index = 0; going; index += 1) {
      const gateway = gateways[(start + index) % gateways.length]!;
      const { status, body } = await post(gateway.url, { fromUser: user, toUser: 'hub', content: `${user}-${index}` });
      if (status === 202) acked.get(user)?.push(body as Message);
      else expect(body).toMatchObject({ status: 503 });
    }
  });
  const count = () => [...acked.values()].reduce((sum, messages) => sum + messages.length, 0);
  const stop = async () => {
    going = false;
    await Promise.all(senders);
  };
  /** Resolves when every conversation has new acknowledged messages: no lane is stuck. */
  const flowing = async () => {
    const before = USERS.map((user) => acked.get(user)!.length);
    await eventually(() => expect(USERS.every((user, at) => acked.get(user)!.length > before[at]! + 3)).toBe(true), {
      within: 90_000,
    });
  };
  return { acked, count, stop, flowing };
};

const primary = async (): Promise<string> => {
  const address = await primaryAddress(servers.mongoUri);
  const nodes = servers.mongoUri.split('//')[1]!.split('/')[0]!.split(',');
  return `mongo-${nodes.indexOf(address) + 1}`;
};

/** The metrics of an ingest and the end of its log, for the error message of a stuck run. */
const stateOf = async ({ url, output }: AppProcess): Promise<string> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const own = metrics.split('\n').filter((line) => line.startsWith('wiber_') && !line.includes('_bucket'));
  return [...own, output.slice(-5000)].join('\n');
};

/** Causes one fault after the other; after each the load must flow again. */
const causeFaults = async (flowing: () => Promise<void>): Promise<void> => {
  await flowing();
  const [leader] = await group.leaders();
  await servers.tell('kill', `kafka-${leader}`);
  await flowing();
  await servers.tell('start', `kafka-${leader}`);
  // The cluster survives a second fault only after it has recovered from the first.
  await eventually(async () => expect(await group.inSync()).toBe(3), { within: 60_000 });

  const hung = (leader! % 3) + 1;
  await servers.tell('pause', `kafka-${hung}`);
  await eventually(async () => expect(await group.leaders()).not.toContain(hung), { within: 60_000 });
  await flowing();
  await servers.tell('resume', `kafka-${hung}`);

  await servers.tell('kill', await primary());
  await flowing();
};

test('a killed leader, a hung broker and a killed primary lose, double and reorder no acknowledged message', async () => {
  const load = startLoad();
  try {
    await causeFaults(load.flowing);
  } finally {
    await load.stop();
  }
  await drained(group, 90_000).catch(async (cause: Error) => {
    throw new Error(`${cause.message}\n${(await Promise.all(ingests.map(stateOf))).join('\n')}`, { cause });
  });

  expect(load.count()).toBeGreaterThan(USERS.length * 9);
  for (const [user, messages] of load.acked) {
    const read = await eventually(() => walkLog(gateways[0]!.url, { users: [user, 'hub'], limit: 500 }));
    const ids = read.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    // Messages answered outcome_unknown may be there too. Acknowledged ones must be, in their order.
    const acked = new Set(messages.map(({ messageId }) => messageId));
    expect(read.filter(({ messageId }) => acked.has(messageId))).toEqual(messages);
  }
}, 240_000);

test('after these faults the figures equal a recount of the log, and of the store', async () => {
  const url = gateways[0]!.url;
  const records = (await group.ends()).reduce((sum, end) => sum + end, 0);
  await eventually(async () => expect((await overview(url)).accepted.total).toBe(records), { within: 60_000 });
  await expectRecount(url, env);
  const answer = (await (await fetch(`${url}/messages/count`)).json()) as { count: number };
  await eventually(async () => expect((await overview(url)).stored.total).toBe(answer.count));
  expect(sumOf(await series(url, 'stored', 'hour'))).toBe(answer.count);
}, 120_000);
