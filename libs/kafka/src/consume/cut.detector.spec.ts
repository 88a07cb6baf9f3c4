import type { EachBatchPayload } from 'kafkajs';
import { ConsumedBatch } from './consumed.batch.ts';
import { CutDetector, cutSinceCommit } from './cut.detector.ts';

/** A fetched batch of offsets from `first` to `last`, of a partition that then began at `logStart`. */
const batch = (first: number, last: number, { logStart = 0, isOwned = (): boolean => true } = {}) => {
  const messages = [first, last].map((offset) => ({
    offset: String(offset),
    batchContext: { logStartOffset: logStart },
  }));
  const read = { fetchedOffset: String(first), lastOffset: () => String(last) };
  const payload = { batch: { topic: 't', partition: 3, messages, ...read } };
  return new ConsumedBatch(payload as unknown as EachBatchPayload, isOwned);
};

/** What is noticed before the batch, which is committed then. */
const cutBefore = (detector: CutDetector, one: ConsumedBatch) => {
  const cut = detector.cutBefore(one);
  detector.committed(one);
  return cut;
};

test('records that the log lost between two batches are noticed, with their place and number', () => {
  const detector = new CutDetector();
  expect(cutBefore(detector, batch(5, 9))).toBeUndefined();
  expect(cutBefore(detector, batch(40, 49, { logStart: 40 }))).toEqual({
    topic: 't',
    partition: 3,
    offset: 10,
    count: 30,
  });
  expect(cutBefore(detector, batch(50, 59, { logStart: 40 }))).toBeUndefined();
});

test('offsets without a record that the log still covers are no loss, nor is a batch that is fetched again', () => {
  const detector = new CutDetector();
  for (const one of [batch(5, 9), batch(12, 19, { logStart: 3 }), batch(12, 19, { logStart: 3 }), batch(25, 30)])
    expect(cutBefore(detector, one)).toBeUndefined();
});

test('what another member may have read in between is no loss', () => {
  const detector = new CutDetector();
  let isOwned = true;
  cutBefore(detector, batch(5, 9, { isOwned: () => isOwned }));
  isOwned = false;
  expect(cutBefore(detector, batch(40, 49, { logStart: 40 }))).toBeUndefined();
});

test('records of a batch that was fetched and not committed, then deleted, are noticed once', () => {
  const detector = new CutDetector();
  cutBefore(detector, batch(5, 9));
  expect(detector.cutBefore(batch(10, 19))).toBeUndefined();
  expect(detector.cutBefore(batch(10, 19))).toBeUndefined();
  const behind = batch(20, 29, { logStart: 20 });
  expect(detector.cutBefore(behind)).toEqual({ topic: 't', partition: 3, offset: 10, count: 10 });
  expect(detector.cutBefore(behind)).toBeUndefined();
});

test('a batch that can not be decoded, deleted as its error line says, is noticed, also when it was the first', () => {
  const detector = new CutDetector();
  // It has one entry in place of its records, with its last offset.
  const unreadable = (fetchedOffset: number, last: number) => {
    const messages = [{ offset: String(last), batchContext: { logStartOffset: 0 }, unreadable: new Error('zstd') }];
    const read = { fetchedOffset: String(fetchedOffset), lastOffset: () => String(last) };
    const payload = { batch: { topic: 't', partition: 3, messages, ...read } };
    return new ConsumedBatch(payload as unknown as EachBatchPayload, () => true);
  };
  for (let fetch = 0; fetch < 3; fetch += 1) expect(detector.cutBefore(unreadable(5, 9))).toBeUndefined();
  expect(cutBefore(detector, batch(10, 12, { logStart: 10 }))).toMatchObject({ offset: 5, count: 5 });
  expect(detector.cutBefore(unreadable(13, 19))).toBeUndefined();
  expect(cutBefore(detector, batch(20, 22, { logStart: 20 }))).toMatchObject({ offset: 13, count: 7 });
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
  expect(await cutSinceCommit(probe, { groupId: 'g', topic: 't', withinMs: 1 })).toEqual({
    cuts: [{ topic: 't', partition: 0, offset: 3, count: 4 }],
    unknown: [],
  });
});

test('of a partition without a leader it is not known what was deleted; once it has one, the offset of before counts', async () => {
  const state = { starts: [[0, 0]] as [number, number][], committed: 3 };
  const probe = {
    starts: async () => new Map(state.starts),
    committed: async () => [{ partition: 1, offset: state.committed, note: null }],
  };
  const question = { groupId: 'g', topic: 't', withinMs: 1 };
  const { cuts, unknown } = await cutSinceCommit(probe, question);
  expect([cuts, unknown]).toMatchObject([[], [{ partition: 1, offset: 3 }]]);
  // The consumer has gone on at the new start by then.
  Object.assign(state, { starts: [[1, 7]], committed: 9 });
  expect(await cutSinceCommit(probe, { ...question, of: unknown })).toEqual({
    cuts: [{ topic: 't', partition: 1, offset: 3, count: 4 }],
    unknown: [],
  });
});
