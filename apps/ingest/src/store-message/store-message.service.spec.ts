import { BODY_MAX_BYTES, HEADER, type StoredMessage } from '@wiber/contracts';
import type { LogBatch } from '@wiber/kafka';
import { StoreUnavailableError, type MessageWriter, type StoreResult } from '@wiber/mongo';
import { GatewayClocks } from '../clocks/gateway.clocks.ts';
import type { IngestMetrics } from '../ingest.metrics.ts';
import { StoreMessageService } from './store-message.service.ts';

const idOf = (n: number): string => `0199c2a4-6f3e-7b1a-9d4c-${String(n).padStart(12, '0')}`;
const valueOf = (n: number, fields: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...{ messageId: idOf(n), fromUser: 'ann', toUser: 'ben', content: `m${n}`, timestamp: n, lamport: n },
      ...fields,
    }),
  );
const batchOf = (partition: number, values: (Buffer | null)[], firstOffset = 100): LogBatch => ({
  topic: 'chat',
  takenAt: 1,
  partition,
  records: values.map((value, index) => ({ offset: firstOffset + index, key: null, value, headers: {} })),
});

/** A service whose store answers as the test says; `written` has each call of the store. */
const service = (answer: (messages: readonly StoredMessage[]) => Partial<StoreResult> | Error = () => ({})) => {
  const written: (readonly StoredMessage[])[] = [];
  const counted: { result: StoreResult; batches: LogBatch[] }[] = [];
  const store = {
    store: async (messages: readonly StoredMessage[]): Promise<StoreResult> => {
      written.push(messages);
      const result = answer(messages);
      if (result instanceof Error) throw result;
      return { stored: messages.length, alreadyStored: 0, refused: [], writtenAt: 'T', ...result };
    },
  };
  const measured: (readonly StoredMessage[])[] = [];
  const metrics = {
    count: (result: StoreResult, batches: LogBatch[]) => void counted.push({ result, batches }),
    latencies: (messages: readonly StoredMessage[]) => void measured.push(messages),
  };
  const clocks = new GatewayClocks(() => 0);
  const [writer, counter] = [store as unknown as MessageWriter, metrics as unknown as IngestMetrics];
  return {
    service: new StoreMessageService(writer, counter, clocks, { begin: () => undefined }),
    clocks,
    written,
    counted,
    measured,
  };
};

test('the batches of all partitions are one write, in the order of their records, and its time is the note', async () => {
  const system = service();
  const batches = [batchOf(2, [valueOf(1), valueOf(2)]), batchOf(0, [valueOf(3)], 7)];
  expect(await system.service.handle(batches)).toEqual({
    type: 'done',
    rejected: [],
    note: 'T',
    lamports: new Map([
      [2, 2],
      [0, 3],
    ]),
  });
  expect(system.written).toHaveLength(1);
  expect(system.written[0]).toMatchObject([
    { messageId: idOf(1), partition: 2, offset: 100, conversationId: 'ann:ben' },
    { messageId: idOf(2), partition: 2, offset: 101 },
    { messageId: idOf(3), partition: 0, offset: 7 },
  ]);
  expect(system.counted).toMatchObject([{ result: { stored: 3 }, batches }]);
});

test('the outcome has the largest Lamport time of each partition, dead letters too; one that no clock goes on from does not count', async () => {
  const system = service((messages) => ({
    stored: 0,
    refused: [{ message: messages[1]!, reason: 'idempotency_conflict', detail: 'another body is stored' }],
  }));
  const outcome = await system.service.handle([
    batchOf(0, [
      valueOf(1),
      valueOf(2, { lamport: 70 }),
      valueOf(3, { lamport: 2 ** 52 + 1 }),
      valueOf(4, { lamport: 69 }),
    ]),
    batchOf(1, [null]),
  ]);
  expect(outcome).toMatchObject({
    lamports: new Map([
      [0, 70],
      [1, 0],
    ]),
  });
});

test('a record that can not be read is rejected with its reason and its place; the others are stored', async () => {
  const system = service();
  const poison = [
    Buffer.from('{'),
    null,
    valueOf(1),
    valueOf(2, { toUser: 'a:b' }),
    Buffer.alloc(BODY_MAX_BYTES + 1, 'x'),
  ];
  const outcome = await system.service.handle([batchOf(5, poison)]);
  expect(outcome).toMatchObject({
    type: 'done',
    rejected: [
      { partition: 5, offset: 100, reason: 'unreadable' },
      { partition: 5, offset: 101, reason: 'unreadable' },
      { partition: 5, offset: 103, reason: 'schema', error: 'toUser may contain only letters, digits and . _ @ + -' },
      { partition: 5, offset: 104, reason: 'too_large' },
    ],
  });
  expect(system.written[0]).toMatchObject([{ messageId: idOf(1), offset: 102 }]);
});

test('a message that the store refuses is rejected at its place, behind the records that could not be read', async () => {
  const system = service((messages) => ({
    stored: 0,
    refused: [{ message: messages[0]!, reason: 'idempotency_conflict', detail: 'another body is stored' }],
  }));
  const outcome = await system.service.handle([batchOf(1, [valueOf(1), null])]);
  expect(outcome).toMatchObject({
    type: 'done',
    rejected: [
      { offset: 101, reason: 'unreadable' },
      { partition: 1, offset: 100, reason: 'idempotency_conflict', error: 'another body is stored' },
    ],
  });
});

test('two records of one id both go to the store: only its index knows which body was first', async () => {
  const system = service();
  await system.service.handle([batchOf(0, [valueOf(1), valueOf(1, { content: 'other' })])]);
  expect(system.written[0]).toHaveLength(2);
});

test('the conversation of a message comes from its body and not from the key of its record', async () => {
  const system = service();
  const batch = batchOf(0, [valueOf(1, { fromUser: 'zoe', toUser: 'ann' })]);
  batch.records[0]!.key = Buffer.from('x:y');
  await system.service.handle([batch]);
  expect(system.written[0]).toMatchObject([{ conversationId: 'ann:zoe' }]);
});

test('of a batch without a valid record nothing is stored, and each record is rejected', async () => {
  const system = service();
  expect(await system.service.handle([batchOf(0, [null])])).toMatchObject({
    type: 'done',
    rejected: [{ offset: 100 }],
  });
  expect(system.written).toEqual([[]]);
});

test('a store that is away makes the outcome unavailable: nothing is counted and nothing is rejected', async () => {
  const cause = new StoreUnavailableError('no primary');
  const system = service(() => cause);
  expect(await system.service.handle([batchOf(0, [valueOf(1), null])])).toEqual({ type: 'unavailable', cause });
  expect([system.counted, system.measured]).toEqual([[], []]);
});

test('any other error makes the outcome failed, and is never thrown: Nest would drop its class', async () => {
  const cause = new TypeError('a bug');
  expect(await service(() => cause).service.handle([batchOf(0, [valueOf(1)])])).toEqual({ type: 'failed', cause });
});

test('each produce batch says how far the clock of its gateway is from that of the broker; what has no append time, no header or no message says nothing', async () => {
  const system = service();
  const at = 1_000_000;
  const headers = { [HEADER.instance]: Buffer.from('gateway-1') };
  const record = (offset: number, fields: object) => {
    const value = valueOf(offset, { timestamp: at + 3_600_000 - offset });
    return { offset, key: null, value, headers, appended: { at }, ...fields };
  };
  const batch = { at: at + 4 };
  const records = [
    record(7, {}),
    record(9, { appended: batch }),
    record(6, { appended: batch }),
    record(1, { appended: undefined }),
    record(2, { headers: {} }),
    record(3, { value: Buffer.from('{') }),
    record(4, { value: valueOf(4, { timestamp: -1 }) }),
  ];
  expect(await system.service.handle([{ topic: 'chat', partition: 0, takenAt: 1, records }])).toMatchObject({
    type: 'done',
  });
  expect([...system.clocks.skews()]).toEqual([['gateway-1', 3_599_993]]);
});
