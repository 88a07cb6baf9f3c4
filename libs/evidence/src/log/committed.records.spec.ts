import fc from 'fast-check';
import { withoutAborted, type AbortedTransaction, type FetchedMessage } from './committed.records.ts';

const MARKER_KEY = { abort: Buffer.from([0, 0, 0, 0]), commit: Buffer.from([0, 0, 0, 1]) };

/** What one producer does next. */
type Step = { producer: number; does: 'write' | 'abort' | 'commit' | 'write outside' };

/** The log that the steps leave, the broker's list for all of it, and the offsets that a reader must get. */
const logOf = (steps: readonly Step[]) => {
  const messages: FetchedMessage[] = [];
  const aborted: AbortedTransaction[] = [];
  const committed: string[] = [];
  const open = new Map<number, string[]>();
  for (const { producer, does } of steps) {
    const offset = String(messages.length);
    const producerId = String(producer);
    const written = open.get(producer);
    if (does === 'abort' || does === 'commit') {
      if (!written) continue;
      if (does === 'abort') aborted.push({ producerId, firstOffset: written[0]! });
      else committed.push(...written);
      open.delete(producer);
      const batchContext = { producerId, inTransaction: true };
      messages.push({ offset, key: MARKER_KEY[does], isControlRecord: true, batchContext });
    } else {
      const inTransaction = does === 'write';
      if (!inTransaction && written) continue;
      if (inTransaction) open.set(producer, [...(written ?? []), offset]);
      else committed.push(offset);
      messages.push({
        offset,
        key: MARKER_KEY.abort,
        isControlRecord: false,
        batchContext: { producerId, inTransaction },
      });
    }
  }
  // A broker hands out nothing behind the first record of a transaction that is still open.
  const stable = Math.min(messages.length, ...[...open.values()].map(([first]) => Number(first)));
  return { messages: messages.slice(0, stable), aborted, committed };
};

const steps = fc.array(
  fc.record({
    producer: fc.integer({ min: 0, max: 3 }),
    does: fc.constantFrom('write', 'write', 'write', 'abort', 'commit', 'write outside'),
  }) as fc.Arbitrary<Step>,
  { maxLength: 40 },
);

test('wherever a fetch begins, it gives the committed records behind that place and no others, whatever their keys', () => {
  fc.assert(
    fc.property(steps, fc.nat(40), (all, from) => {
      const { messages, aborted, committed } = logOf(all);
      const fetched = messages.filter(({ offset }) => Number(offset) >= from);
      // As a broker does: the transactions whose marker is in the range or behind it.
      const listed = aborted
        .filter(({ producerId, firstOffset }) => {
          const marker = messages.find(
            (one) =>
              one.isControlRecord &&
              one.batchContext?.producerId === producerId &&
              Number(one.offset) > Number(firstOffset),
          );
          return !marker || Number(marker.offset) >= from;
        })
        .toSorted((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
      const shown = withoutAborted(fetched, listed)
        .filter(({ isControlRecord }) => !isControlRecord)
        .map(({ offset }) => offset);
      const expected = committed.filter((offset) => fetched.some((message) => message.offset === offset));
      expect(shown).toEqual(expected.toSorted((a, b) => Number(a) - Number(b)));
    }),
    { numRuns: 2000 },
  );
});

test('what is left out keeps its place: a reader goes on behind it', () => {
  const { messages, aborted } = logOf([
    { producer: 1, does: 'write' },
    { producer: 1, does: 'abort' },
  ]);
  expect(withoutAborted(messages, aborted).map(({ offset }) => offset)).toEqual(['0', '1']);
});
