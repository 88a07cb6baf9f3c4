import { setTimeout as pause } from 'node:timers/promises';
import { GroupReader } from '@wiber/evidence';
import { AppProcess, OwnServers, TopicAdmin, askAdmin, eventually, freshSystem, kafkaClient } from '@wiber/harness';
import { post } from './api.client.ts';
import { append, drained, messageOf } from './log.client.ts';

const ALL = [0, 1, 2, 3, 4, 5];
/** How long a broker is missed, and some seconds more. */
const WITHIN = { within: 20_000 };
let servers: OwnServers;
let env: Record<string, string>;
let apps: AppProcess[] = [];

beforeAll(async () => {
  servers = await OwnServers.start({ brokers: 3, mongod: 1 });
  env = { ...(await freshSystem(servers, ALL.length)), KAFKA_SESSION_TIMEOUT_MS: '6000' };
  // Of another program: each broker leads a partition of which nobody else has a copy.
  const replicaAssignment = [1, 2, 3].map((broker, partition) => ({ partition, replicas: [broker] }));
  await askAdmin(kafkaClient(servers.kafka), (admin) =>
    admin.createTopics({ topics: [{ topic: 'one-copy', replicaAssignment }], waitForLeaders: false }),
  );
  apps = await AppProcess.startAll([
    ['gateway', env],
    ['ingest', env],
  ]);
}, 180_000);

afterAll(async () => {
  await Promise.all(apps.map((app) => app.end('SIGKILL')));
  await servers?.close();
});

/** Sends until each of these partitions has stored a message; the gateway says in Location which one it is. */
const storesIn = (gateway: AppProcess, partitions: readonly number[]): Promise<void> => {
  const reached = new Set<number>();
  let user = 0;
  return eventually(async () => {
    const body = { fromUser: `user${(user += 1)}`, toUser: 'hub', content: 'hi' };
    const { status, headers } = await post(gateway.url, body, { Prefer: 'wait=1' });
    if (status === 201)
      reached.add(Number(new URL(gateway.url + headers.get('location')).searchParams.get('partition')));
    expect([...reached]).toEqual(expect.arrayContaining([...partitions]));
  }, WITHIN);
};

const addressOf = (broker: string) => servers.run.kafka.find(({ id }) => id === broker)!.address;

/** The variables of a system of its own. Each partition of its topic has one copy, on one of these brokers. */
const systemOf = async (topic: string, brokers: readonly number[]): Promise<Record<string, string>> => {
  const replicaAssignment = brokers.map((broker, partition) => ({ partition, replicas: [broker] }));
  const configEntries = [
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    { name: 'min.insync.replicas', value: '1' },
  ];
  const topics = [{ topic, replicaAssignment, configEntries }];
  await eventually(
    () => askAdmin(kafkaClient(servers.kafka), (admin) => admin.createTopics({ topics, waitForLeaders: false })),
    WITHIN,
  );
  return { ...env, KAFKA_TOPIC: topic, KAFKA_CONSUMER_GROUP: topic, MONGO_DB: topic };
};

test('while a topic of another program has no leader, every partition takes and stores messages, also by apps that start then', async () => {
  await storesIn(apps[0]!, ALL);
  await servers.tell('kill', 'kafka-2');
  // A client that asks for all topics is refused from now on.
  const left = kafkaClient(servers.kafka.filter((address) => address !== addressOf('kafka-2')));
  const refused = () => askAdmin(left, (admin) => admin.listTopics()).catch((error: Error) => error.message);
  await eventually(async () => expect(await refused()).toMatch(/no leader/), WITHIN);
  await storesIn(apps[0]!, ALL);
  const [gateway, ingest] = await AppProcess.startAll([
    ['gateway', { ...env, INSTANCE: 'gateway-late' }],
    ['ingest', { ...env, INSTANCE: 'ingest-late' }],
  ]);
  apps.push(gateway, ingest);
  await storesIn(gateway, ALL);
}, 120_000);

test('while one partition has no leader, the others take and store messages for longer than metadata are kept, also by a new group, and it goes on with its leader', async () => {
  await servers.tell('start', 'kafka-2');
  const own = await systemOf('partitions-with-one-copy', [2, 1, 3]);
  const [gateway, ingest] = await AppProcess.startAll([
    ['gateway', own],
    ['ingest', own],
  ]);
  apps.push(gateway, ingest);
  await storesIn(gateway, [0, 1, 2]);
  await servers.tell('kill', 'kafka-2');
  // Metadata are asked for anew after 5 s, by each client.
  for (let round = 0; round < 4; round += 1) {
    await storesIn(gateway, [1, 2]);
    await pause(3000);
  }
  // Apps that start now, of a group that has committed nothing yet.
  const late = { ...own, KAFKA_CONSUMER_GROUP: 'late', MONGO_DB: 'late' };
  // They are ready once each partition has a leader, and serve before that.
  const lateGateway = await AppProcess.start('gateway', late, 'liveness');
  apps.push(lateGateway, await AppProcess.start('ingest', late, 'liveness'));
  await eventually(async () => expect((await fetch(`${lateGateway.url}/health/serving`)).status).toBe(200), WITHIN);
  await storesIn(lateGateway, [1, 2]);
  await servers.tell('start', 'kafka-2');
  await storesIn(gateway, [0, 1, 2]);
  await storesIn(lateGateway, [0, 1, 2]);
}, 180_000);

test('records that were deleted before ingest read them, from a partition that has no leader when ingest starts, are an error and a metric once it has one', async () => {
  const own = await systemOf('cut-with-one-copy', [2, 1]);
  const records = [1, 2, 3, 4].map((index) => messageOf(0, { content: `m${index}` }));
  await append(own, [messageOf(0)]);
  const first = await AppProcess.start('ingest', own);
  apps.push(first);
  await drained(new GroupReader(own));
  await first.end();
  await append(own, records);
  await new TopicAdmin(own).dropBefore([4, 0]);
  // It writes down where its logs begin.
  await servers.tell('stop', 'kafka-2');
  const ingest = await AppProcess.start('ingest', { ...own, INSTANCE: 'ingest-cut' }, 'liveness');
  apps.push(ingest);
  await eventually(async () => expect(ingest.output).toContain('ingest consumes'), WITHIN);
  expect(await ingest.metric('wiber_records_cut_total')).toBe(0);
  await servers.tell('start', 'kafka-2');
  await eventually(async () => expect(await ingest.metric('wiber_records_cut_total')).toBe(3), WITHIN);
  expect(ingest.output).toContain('records were deleted from the log before ingest read them');
  await drained(new GroupReader(own));
  expect(await ingest.metric('wiber_messages_stored_total')).toBe(1);
}, 180_000);
