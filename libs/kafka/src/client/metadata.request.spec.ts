import './kafkajs.mends.ts';
import { metadataRequests, type MetadataAnswer } from './kafkajs.protocol.ts';
import { BrokerPool, OffsetsCluster } from './kafkajs.internals.ts';
import { NO_TOPICS } from './metadata.request.ts';

const VERSIONS = [1, 2, 3, 4, 5, 6];
const bytesOf = async (version: number, topics: string[], allowAutoTopicCreation = false): Promise<string> => {
  const { request } = metadataRequests.protocol({ version })({ topics, allowAutoTopicCreation });
  return ((await request.encode()) as unknown as { buffer: Buffer }).buffer.toString('hex');
};
const parse = (answer: object): Promise<unknown> =>
  metadataRequests
    .protocol({ version: 6 })({ topics: ['chat'] })
    .response.parse(answer as MetadataAnswer);
const topicOf = (...partitionErrorCodes: number[]) => ({
  ...{ topicErrorCode: 0, topic: 'chat' },
  partitionMetadata: partitionErrorCodes.map((partitionErrorCode, partitionId) => {
    return { partitionErrorCode, partitionId, leader: partitionErrorCode === 0 ? 1 : -1 };
  }),
});

test.each(VERSIONS)(
  'in version %d no topics are an empty list, all topics are null, and names are names',
  async (version) => {
    const flag = version >= 4 ? '00' : '';
    expect(await bytesOf(version, NO_TOPICS)).toBe(`00000000${flag}`);
    expect(await bytesOf(version, [])).toBe(`ffffffff${flag}`);
    expect(await bytesOf(version, ['chat'])).toBe(`00000001${'000463686174'}${flag}`);
  },
);

test('whether a broker may create topics is said also where no topic is named', async () => {
  expect(await bytesOf(6, NO_TOPICS, true)).toBe('0000000001');
});

test('a client without a topic asks for no topic, and one with a topic for that', async () => {
  const asked: unknown[] = [];
  const broker = { metadata: async (topics: string[]) => (asked.push(topics), { brokers: [] }) };
  const pool = Object.assign(Object.create(BrokerPool.prototype) as BrokerPool, {
    findConnectedBroker: async () => broker,
    seedBroker: { connectionPool: {} },
    brokers: {},
    retrier: (call: (bail: (error: Error) => void) => unknown) =>
      call((error) => {
        throw error;
      }),
  });
  await pool.refreshMetadata([]);
  await pool.refreshMetadata(['chat']);
  expect(asked[0]).toBe(NO_TOPICS);
  expect(asked[1]).toEqual(['chat']);
});

test('a partition without a leader has the leader -1 and fails nothing; any other error of a partition or a topic still fails', async () => {
  await expect(parse({ topicMetadata: [topicOf(0, 5, 0), topicOf(72)] })).resolves.toMatchObject({
    topicMetadata: [
      { partitionMetadata: [{ leader: 1 }, { leader: -1 }, { leader: 1 }] },
      { partitionMetadata: [{ leader: -1 }] },
    ],
  });
  await expect(parse({ topicMetadata: [topicOf(0, 5), topicOf(3)] })).rejects.toMatchObject({
    type: 'UNKNOWN_TOPIC_OR_PARTITION',
  });
  const missing = { ...topicOf(), topicErrorCode: 5 };
  await expect(parse({ topicMetadata: [missing] })).rejects.toMatchObject({ type: 'LEADER_NOT_AVAILABLE' });
});

test('offsets are asked of the leaders that there are, and a topic without any has an entry without partitions', async () => {
  const leaders = new Map([
    ['chat', [1, -1]],
    ['dark', [-1]],
  ]);
  const cluster = Object.assign(Object.create(OffsetsCluster.prototype) as OffsetsCluster, {
    brokerPool: {
      metadata: {
        topicMetadata: [...leaders].map(([topic, all]) => ({
          topic,
          partitionMetadata: all.map((leader, partitionId) => ({ partitionId, leader })),
        })),
      },
    },
    findBroker: async ({ nodeId }: { nodeId: string }) => {
      if (nodeId === '-1') throw new Error('nobody leads it');
      const offsets = [{ partition: 0, offset: '7' }];
      return { listOffsets: async () => ({ responses: [{ topic: 'chat', partitions: offsets }] }) };
    },
  });
  const wanted = [
    { topic: 'chat', partitions: [{ partition: 0 }, { partition: 1 }] },
    { topic: 'dark', partitions: [{ partition: 0 }] },
  ];
  expect(await cluster.fetchTopicsOffset(wanted)).toEqual([
    { topic: 'chat', partitions: [{ partition: 0, offset: '7' }] },
    { topic: 'dark', partitions: [] },
  ]);
});
