import type { EachBatchPayload } from 'kafkajs';
import { ConsumedBatch } from './consumed.batch.ts';
import { CutDetector, cutSinceCommit } from './cut.detector.ts';

/** A fetched batch of offsets from `first` to `last`, of a partition that then began at `logStart`. */
const batch = (first: number, last: number, { logStart = 0, isOwned = (): boolean => true } = {}) => {
  const messages = [first, last].map((offset) => ({
    offset: String(offset),
    batchContext: { logStartOffset: logStart },
  }));
  const payload = { batch: { topic: 't', partition: 3, messages, lastOffset: () => String(last) } };
  return new ConsumedBatch(payload as unknown as EachBatchPayload, isOwned);
};

test('records that the log lost between two batches are noticed, with their place and number', () => {
  const detector = new CutDetector();
  expect(detector.cutBefore(batch(5, 9))).toBeUndefined();
  expect(detector.cutBefore(batch(40, 49, { logStart: 40 }))).toEqual({
    topic: 't',
    partition: 3,
    offset: 10,
    count: 30,
  });
  expect(detector.cutBefore(batch(50, 59, { logStart: 40 }))).toBeUndefined();
});

test('offsets without a record that the log still covers are no loss, nor is a batch that is fetched again', () => {
  const detector = new CutDetector();
  for (const one of [batch(5, 9), batch(12, 19, { logStart: 3 }), batch(12, 19, { logStart: 3 }), batch(25, 30)])
    expect(detector.cutBefore(one)).toBeUndefined();
});

test('what another member may have read in between is no loss', () => {
  const detector = new CutDetector();
  let isOwned = true;
  detector.cutBefore(batch(5, 9, { isOwned: () => isOwned }));
  isOwned = false;
  expect(detector.cutBefore(batch(40, 49, { logStart: 40 }))).toBeUndefined();
});

test('records that were deleted while no ingest ran are found by the committed offsets', async () => {
  const probe = {
    starts: async () =>
      new Map([
        [0, 7],
        [1, 0],
        [2, 9],
        [3, 5],
      ]),
    committed: async () => [
      { partition: 0, offset: 3, note: null },
      { partition: 1, offset: 4, note: null },
      { partition: 2, offset: 9, note: null },
    ],
  };
  expect(await cutSinceCommit(probe, { groupId: 'g', topic: 't', withinMs: 1 })).toEqual([
    { topic: 't', partition: 0, offset: 3, count: 4 },
  ]);
});
