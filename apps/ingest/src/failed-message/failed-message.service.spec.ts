import type { LogBatch } from '@wiber/kafka';
import { StoreUnavailableError, type DeadLetterWriter, type FailedRecord } from '@wiber/mongo';
import type { IngestMetrics } from '../ingest.metrics.ts';
import { FailedMessageService } from './failed-message.service.ts';

const batchOf = (partition: number, count: number): LogBatch => ({
  topic: 'chat.dlq',
  takenAt: 1,
  partition,
  records: Array.from({ length: count }, (_, offset) => ({
    offset,
    key: null,
    value: Buffer.from(`${partition}/${offset}`),
    headers: {},
  })),
});

const service = (failure?: Error) => {
  const listed: FailedRecord[] = [];
  let count = 0;
  const letters = {
    list: async (records: FailedRecord[]) => {
      if (failure) throw failure;
      listed.push(...records);
    },
  };
  const metrics = { listedLetters: (records: number) => void (count += records) };
  return {
    service: new FailedMessageService(letters as unknown as DeadLetterWriter, metrics as unknown as IngestMetrics, {
      begin: () => undefined,
    }),
    listed,
    count: () => count,
  };
};

test('every record of every batch is listed under its place, and is never rejected', async () => {
  const system = service();
  expect(await system.service.handle([batchOf(0, 2), batchOf(3, 1)])).toEqual({ type: 'done', rejected: [] });
  expect(system.listed.map(({ dlq, value }) => [dlq, value?.toString()])).toEqual([
    [{ topic: 'chat.dlq', partition: 0, offset: 0 }, '0/0'],
    [{ topic: 'chat.dlq', partition: 0, offset: 1 }, '0/1'],
    [{ topic: 'chat.dlq', partition: 3, offset: 0 }, '3/0'],
  ]);
  expect(system.count()).toBe(3);
});

test.each([
  ['unavailable', new StoreUnavailableError('no primary')],
  ['failed', new TypeError('a bug')],
])('the outcome is %s when the store fails so, and nothing is counted', async (type, cause) => {
  const system = service(cause);
  expect(await system.service.handle([batchOf(0, 1)])).toEqual({ type, cause });
  expect(system.count()).toBe(0);
});
