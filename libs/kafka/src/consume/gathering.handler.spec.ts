import { DONE, TOPIC } from './fetched-batch.double-spec.ts';
import type { LogBatch } from './batch.outcome.ts';
import { GatheringHandler } from './gathering.handler.ts';

const POLICY = { type: 'gather', maxSize: 10, concurrency: 1 } as const;

const batchOf = (partition: number, size = 1): LogBatch => {
  const record = { key: null, value: null, headers: {} };
  return {
    topic: TOPIC,
    partition,
    takenAt: 1,
    records: Array.from({ length: size }, (_, offset) => ({ offset, ...record })),
  };
};

test('batches of one fetch are handled in one call, up to a number of records; a batch that is alone is not joined', async () => {
  const calls: number[][] = [];
  const handler = new GatheringHandler(async (batches) => {
    calls.push(batches.map(({ partition }) => partition));
    return DONE;
  }, POLICY);
  const alone = handler.handleAlone(batchOf(9));
  await Promise.all([alone, handler.handle(batchOf(0, 4)), handler.handle(batchOf(1, 6)), handler.handle(batchOf(2))]);
  expect(calls).toEqual([[9], [0, 1], [2]]);
});

test('an error of the handler is the outcome `failed` for every batch of the call, and the next call is made', async () => {
  const cause = new TypeError('planted');
  let calls = 0;
  const handler = new GatheringHandler(async () => {
    calls += 1;
    if (calls === 1) throw cause;
    return DONE;
  }, POLICY);
  const outcomes = await Promise.all([handler.handle(batchOf(0)), handler.handle(batchOf(1))]);
  expect(outcomes).toEqual([
    { type: 'failed', cause },
    { type: 'failed', cause },
  ]);
  expect(await handler.handleAlone(batchOf(0))).toEqual(DONE);
});
