import { jest } from '@jest/globals';
import type { BatchOutcome, LogBatch, RejectedRecord } from './batch.outcome.ts';
import { AWAY, BUG, DONE, MAX_FAILURES, controlTime, dispatching, slowOutcome } from './fetched-batch.double-spec.ts';

controlTime();

test('when a batch is handled in halves, the last note that a half reports is committed', async () => {
  const halves: Record<number, BatchOutcome> = { 3: { ...DONE, note: 'T1' }, 5: DONE };
  const { seen, dispatch } = dispatching([BUG], {
    offsets: ['3', '4', '5', '6'],
    handleAlone: async ({ records }) => (records.length > 2 ? BUG : halves[records[0]!.offset]!),
  });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(1000);
  await done;
  expect(seen).toMatchObject({ committed: ['7'], notes: ['T1'] });
});

/** Notes that are known only from the given question on. */
const notesFrom = (question: number) => {
  const asked = { times: 0 };
  const noteOf = async () => {
    asked.times += 1;
    if (asked.times < question) throw new Error('the broker is away');
    return 'T1-ff';
  };
  return { asked, notes: { noteOf } };
};

test('while Kafka does not say what the note must tell, the offset is not committed; then it is, with the note', async () => {
  const { asked, notes } = notesFrom(4);
  const { seen, dispatch } = dispatching([{ ...DONE, note: 'T1' }], { notes });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(1);
  expect([seen.committed, seen.paused]).toEqual([[], 1]);
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  expect([seen.committed, seen.notes, asked.times]).toEqual([['7'], ['T1-ff'], 4]);
  expect(seen.paused).toBe(0);
});

test('a batch whose note nobody can tell is committed in the end with the moment of its write, and a line says so', async () => {
  const { notes } = notesFrom(Infinity);
  const lines: string[] = [];
  const log = (_: string, line: string) => void lines.push(line);
  const { seen, dispatch } = dispatching([{ ...DONE, note: 'T1' }], { notes, log });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(60_000);
  await done;
  expect([seen.committed, seen.notes]).toEqual([['7'], ['T1']]);
  expect(lines.at(-1)).toContain('the largest Lamport time of a partition is not known');
});

test.each([
  ['is committed with its note', 1, { committed: ['7'], notes: ['T1-ff'] }],
  ['is not committed when its note is not known, and is fetched again', Infinity, { committed: [], notes: [] }],
])('a batch that is written while the consumer stops %s', async (_, question, expected) => {
  const write = slowOutcome();
  const { asked, notes } = notesFrom(question);
  const { seen, broker, dispatch, stop } = dispatching([write.outcome], { notes });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(0);
  stop.abort();
  broker.isRunning = false;
  write.report({ ...DONE, note: 'T1' });
  await done;
  expect(seen).toMatchObject({ ...expected, paused: 0 });
  expect(asked.times).toBe(1);
});

/** A handler that throws for some offsets, over a batch of 100 records. */
const buggyHandler = (bad: string[], isAway: () => boolean = () => false) => {
  const offsets = Array.from({ length: 100 }, (_, offset) => String(offset));
  const stored: number[] = [];
  const letters: { offset: number; reason: string; error: string; attempts: number }[] = [];
  const handleAlone = async ({ records }: LogBatch): Promise<BatchOutcome> => {
    if (isAway()) return AWAY;
    if (records.some(({ offset }) => bad.includes(String(offset)))) return BUG;
    stored.push(...records.map(({ offset }) => offset));
    return DONE;
  };
  const publish = async ({ letter: { offset, reason, error, attempts } }: RejectedRecord) => {
    letters.push({ offset, reason, error, attempts });
  };
  return { stored, letters, offsets, ...dispatching([BUG], { offsets, lastOffset: '99', handleAlone, publish }) };
};

test('a record that makes the handler throw gets a limited number of attempts, then it alone becomes a dead letter and the others are handled in order', async () => {
  const { seen, stored, letters, offsets, dispatch } = buggyHandler(['17', '60']);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  const why = { reason: 'handler_error', error: 'TypeError: planted', attempts: MAX_FAILURES };
  expect(letters).toEqual([
    { offset: 17, ...why },
    { offset: 60, ...why },
  ]);
  expect(stored).toEqual(offsets.map(Number).filter((offset) => offset !== 17 && offset !== 60));
  expect(seen.committed).toEqual(['100']);
});

test('a half that fails is halved at once; the whole batch and a single record get all the attempts', async () => {
  const calls: Record<number, number> = {};
  const handleAlone = async ({ records }: LogBatch): Promise<BatchOutcome> => {
    calls[records.length] = (calls[records.length] ?? 0) + 1;
    return records.some(({ offset }) => offset === 1) ? BUG : DONE;
  };
  const publish = async () => {};
  const { seen, dispatch } = dispatching([BUG], {
    offsets: ['1', '2', '3', '4', '5', '6', '7', '8'],
    lastOffset: '8',
    handleAlone,
    publish,
  });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(1000);
  await done;
  // Of each pair of halves the first fails and the second is stored.
  expect(calls).toEqual({ 8: MAX_FAILURES, 4: 2, 2: 2, 1: MAX_FAILURES + 1 });
  expect(seen.committed).toEqual(['9']);
});

test('attempts while the store is unavailable do not count, so no record becomes a dead letter for them', async () => {
  let calls = 0;
  const { seen, letters, dispatch } = buggyHandler(['17'], () => (calls += 1) % 4 !== 0);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(20_000);
  await done;
  expect(letters.map(({ offset }) => offset)).toEqual([17]);
  expect(seen.committed).toEqual(['100']);
});

test('a batch that fails only in one call with other partitions is handled alone, and none of its records is rejected', async () => {
  const { letters, stored, seen, dispatch } = buggyHandler([]);
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(100);
  await done;
  expect([letters, stored.length, seen.committed]).toEqual([[], 100, ['100']]);
});

test('where no record may become a dead letter, a failing batch is retried without a limit', async () => {
  let left = 50;
  const handleAlone = async () => ((left -= 1) > 0 ? BUG : DONE);
  const { seen, dispatch } = dispatching([BUG], { handleAlone, topic: 'another topic' });
  const done = dispatch();
  await jest.advanceTimersByTimeAsync(20_000);
  await done;
  expect(seen.committed).toEqual(['7']);
});
