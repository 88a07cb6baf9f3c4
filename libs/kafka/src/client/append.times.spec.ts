import { AppendTimes } from './append.times.ts';
import type { BatchContext } from './record.batch.ts';

const LOG_APPEND_TIME = 0x08;
const contextOf = (maxTimestamp: string, attributes = LOG_APPEND_TIME) =>
  ({ attributes, maxTimestamp }) as BatchContext;

test('every record of a batch has the one time at which the broker appended the batch', () => {
  const times = new AppendTimes();
  const [first, second] = [contextOf('1790000000000'), contextOf('1790000000007')];
  const seen = [first, first, second, first].map((batchContext) => times.of({ batchContext })?.at);
  expect(times.of({ batchContext: first })).toBe(times.of({ batchContext: first }));
  expect(seen).toEqual([1_790_000_000_000, 1_790_000_000_000, 1_790_000_000_007, 1_790_000_000_000]);
});

test('a batch whose records have the times of their producer has none, nor has a record without a batch', () => {
  const times = new AppendTimes();
  expect(times.of({ batchContext: contextOf('1790000000000', 0) })).toBeUndefined();
  expect(times.of({ batchContext: contextOf('1790000000000') })).toEqual({ at: 1_790_000_000_000 });
  expect(times.of({})).toBeUndefined();
});

test.each(['-1', '9223372036854775807', '9007199254740992', 'NaN'])('an append time of %j is none', (time) => {
  expect(new AppendTimes().of({ batchContext: contextOf(time) })).toBeUndefined();
});
