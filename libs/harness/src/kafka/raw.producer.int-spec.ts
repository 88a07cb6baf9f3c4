import { freshSystem, testServers } from '../servers/fresh.system.ts';
import { askAdmin } from './admin.call.ts';
import { kafkaClient } from './kafka.client.ts';
import { appendRaw } from './raw.producer.ts';

const TOPICS = 3;
/** So many that the broker still refuses some of them when the records come. */
const PARTITIONS = 60;

/** How many records each partition of a topic has. */
const recordCounts = (topic: string): Promise<number[]> =>
  askAdmin(kafkaClient(testServers().kafka), async (admin) =>
    (await admin.fetchTopicOffsets(topic)).map(({ high }) => Number(high)),
  );

test('each record is appended once, also to a topic that was made a moment ago', async () => {
  for (let made = 0; made < TOPICS; made += 1) {
    const env = await freshSystem(undefined, PARTITIONS);
    const records = Array.from({ length: PARTITIONS }, (_, partition) => ({ key: null, partition, value: null }));
    await appendRaw(env, records);
    expect(await recordCounts(env['KAFKA_TOPIC']!)).toEqual(records.map(() => 1));
  }
});
