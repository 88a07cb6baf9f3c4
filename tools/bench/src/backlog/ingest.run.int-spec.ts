import { randomUUID } from 'node:crypto';
import { readDeadLetters, requireMessage, type StoreReader } from '@wiber/evidence';
import { eventually, testServers } from '@wiber/harness';
import { writeBacklog } from './backlog.writer.ts';
import { withIngest } from './ingest.run.ts';

const SIZE = 200;
const newTopic = (): string => `bench-${randomUUID().slice(0, 8)}`;

const storedBy = async (store: StoreReader): Promise<unknown[]> => {
  await eventually(async () => expect(await store.estimatedCount()).toBe(SIZE), { within: 60_000 });
  const stored: unknown[] = [];
  for await (const document of store.allInLogOrder())
    stored.push({ ...requireMessage(document), _id: 0, takenAt: 0, storedAt: 0 });
  expect(await store.storedSpanMs()).toBeGreaterThanOrEqual(0);
  return stored;
};

test('the bare ingest stores the same documents as ingest', async () => {
  const topic = newTopic();
  const servers = testServers();
  await writeBacklog(servers, { topic, size: SIZE });
  const wiber = await withIngest(servers, { topic, who: 'wiber', run: 0 }, storedBy);
  expect(wiber).toHaveLength(SIZE);
  expect(await withIngest(servers, { topic, who: 'bare', run: 0 }, storedBy)).toEqual(wiber);
});

test('a poison record in the backlog becomes one dead letter, and every other record is stored', async () => {
  const topic = newTopic();
  const servers = testServers();
  await writeBacklog(servers, { topic, size: SIZE, poison: { key: 'poison', value: 'not json' } });
  expect(await withIngest(servers, { topic, who: 'wiber', run: 0 }, storedBy)).toHaveLength(SIZE);
  const env = { KAFKA_BOOTSTRAP_SERVERS: servers.kafka.join(','), KAFKA_TOPIC: topic };
  expect((await readDeadLetters(env)).map(({ letter }) => letter.reason)).toEqual(['unreadable']);
});
