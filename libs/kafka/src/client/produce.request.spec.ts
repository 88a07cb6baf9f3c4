import { createRequire } from 'node:module';
import fc from 'fast-check';
import { jest } from '@jest/globals';
import { produceRequests, type ProduceArguments } from './kafkajs.protocol.ts';
import { encodeProduce, writeProduceRequestsOnce } from './produce.request.ts';

interface Request {
  apiVersion: number;
  encode: () => Promise<{ buffer: Buffer }>;
}
/** The encoder of kafkajs, which nothing has replaced. */
const theirs = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/v7/request.js') as (
  call: ProduceArguments,
) => Request;

const NOW = 1_795_000_000_123;
let clock: jest.SpiedFunction<typeof Date.now>;
beforeEach(() => (clock = jest.spyOn(Date, 'now').mockReturnValue(NOW)));
afterEach(() => clock.mockRestore());

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const nullable = fc.option(part);
const headers = fc.dictionary(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.oneof(part, fc.array(part, { maxLength: 3 })),
  {
    maxKeys: 5,
  },
);
const record = fc.record({ key: nullable, value: nullable, headers }, { requiredKeys: ['key', 'value'] });
const partition = fc.record({
  partition: fc.nat(),
  firstSequence: fc.nat(),
  messages: fc.array(record, { minLength: 1, maxLength: 150 }),
});
const topic = fc.record({
  topic: fc.string({ unit: 'grapheme', maxLength: 60 }),
  partitions: fc.array(partition, { maxLength: 3 }),
});
const call = fc.record({
  acks: fc.constantFrom(-1, 0, 1),
  timeout: fc.nat(),
  compression: fc.constant(0),
  producerId: fc.oneof(fc.constant('-1'), fc.bigInt({ min: 0n, max: 2n ** 62n }).map(String)),
  producerEpoch: fc.integer({ min: 0, max: 32_767 }),
  topicData: fc.array(topic, { maxLength: 2 }),
});

test('the bytes of any request are those that kafkajs writes', async () => {
  await fc.assert(
    fc.asyncProperty(call, async (call) => {
      const expected = await theirs(call).encode();
      expect(encodeProduce(call, NOW).buffer.equals(expected.buffer)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a record of some megabytes and a batch of thousands have the bytes of kafkajs', async () => {
  const big = { key: 'k', value: 'ü'.repeat(1_500_000), headers: { a: Buffer.alloc(20_000, 7) } };
  const many = Array.from({ length: 5000 }, (_, index) => ({ key: `k${index}`, value: `v${index}` }));
  const partitions = [
    { partition: 0, firstSequence: 0, messages: [big] },
    { partition: 1, firstSequence: 2 ** 31 - 1, messages: many },
  ];
  const large = { acks: -1, timeout: 3000, compression: 0, producerId: '4711', producerEpoch: 3 };
  const call = { ...large, topicData: [{ topic: 't', partitions }] } as ProduceArguments;
  expect(encodeProduce(call, NOW).buffer.equals((await theirs(call).encode()).buffer)).toBe(true);
});

describe('once the requests are replaced', () => {
  const plain: ProduceArguments = {
    acks: -1,
    timeout: 3000,
    compression: 0,
    producerId: '1',
    producerEpoch: 0,
    topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: [{ key: 'a', value: 'b' }] }] }],
  };
  const { protocol } = produceRequests;
  afterEach(() => (produceRequests.protocol = protocol));

  test.each(['3', '7', 7])('version %s is written once, and keeps its name and its answer', (version) => {
    writeProduceRequestsOnce();
    const before = protocol({ version })(plain);
    const after = produceRequests.protocol({ version })(plain);
    const [own, kept] = [after, before].map(({ request }) => ({ ...request, encode: null, expectResponse: null }));
    expect(own).toEqual(kept);
    expect(after.response).toBe(before.response);
    expect(String(after.request.encode)).not.toBe(String(before.request.encode));
  });

  test.each([
    ['a transaction', { ...plain, transactionalId: 'tx' }],
    ['a codec', { ...plain, compression: 1 }],
    ['a time of a record', withTimestamp(plain)],
  ])('kafkajs writes a request with %s itself', (_, call) => {
    writeProduceRequestsOnce();
    const after = produceRequests.protocol({ version: 7 })(call).request;
    expect(String(after.encode)).toBe(String(theirs(call).encode));
  });

  test('kafkajs writes versions of the older formats itself', () => {
    writeProduceRequestsOnce();
    const after = produceRequests.protocol({ version: 2 })(plain).request;
    expect(String(after.encode)).toBe(String(protocol({ version: 2 })(plain).request.encode));
  });
});

function withTimestamp(call: ProduceArguments): ProduceArguments {
  const message = { key: 'a', value: 'b', timestamp: '1795000000000' };
  return {
    ...call,
    topicData: [{ topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: [message] }] }],
  };
}
