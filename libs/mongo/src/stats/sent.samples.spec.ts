import { SAMPLE_SIZE, sampleOf } from '@wiber/contracts';
import fc from 'fast-check';
import { SentSamples } from './sent.samples.ts';
import type { WindowDelta } from './window.update.ts';

const deltaOf = (users: readonly number[], window: Partial<WindowDelta['window']> = {}): WindowDelta => ({
  window: { topic: 'chat', stream: 'accepted', span: 'minute', start: 0, partition: 0, ...window },
  first: 0,
  last: 0,
  figures: { counts: { records: 1 }, samples: { users } },
  expireAt: undefined,
});
const usersOf = ({ figures }: WindowDelta) => figures.samples['users'] ?? [];

test('what was added to a window is not sent again, and what is new is', () => {
  const sent = new SentSamples();
  expect(sent.knows(deltaOf([]))).toBe(false);
  expect(usersOf(sent.lacking(deltaOf([1, 5])))).toEqual([1, 5]);
  sent.added([deltaOf([1, 5])]);
  expect(sent.knows(deltaOf([]))).toBe(true);
  expect(usersOf(sent.lacking(deltaOf([1, 3, 5, 9])))).toEqual([3, 9]);
  expect(sent.lacking(deltaOf([1, 5])).figures).toEqual({ counts: { records: 1 }, samples: {} });
});

test('each window is remembered for itself; a second is not', () => {
  const sent = new SentSamples();
  sent.added([deltaOf([1]), deltaOf([2], { span: 'second' })]);
  for (const other of [{ partition: 1 }, { start: 60_000 }, { span: 'hour' as const }, { topic: 'other' }])
    expect(usersOf(sent.lacking(deltaOf([1], other)))).toEqual([1]);
  expect(sent.knows(deltaOf([2], { span: 'second' }))).toBe(false);
});

test('a window that is forgotten gets all again', () => {
  const sent = new SentSamples();
  sent.added([deltaOf([1])]);
  sent.forget([deltaOf([])]);
  expect(sent.knows(deltaOf([]))).toBe(false);
  expect(usersOf(sent.lacking(deltaOf([1])))).toEqual([1]);
});

test('the sample of what is sent is that of all, whatever comes in which order', () => {
  const SIZE = SAMPLE_SIZE.minute;
  const batch = fc.uniqueArray(fc.nat(4 * SIZE), { maxLength: SIZE });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
      const sent = new SentSamples();
      let stored: readonly number[] = [];
      for (const users of batches) {
        const delta = deltaOf(sampleOf([users], SIZE));
        stored = sampleOf([stored, usersOf(sent.lacking(delta))], SIZE);
        sent.added([delta]);
      }
      expect(stored).toEqual(sampleOf(batches, SIZE));
    }),
  );
});
