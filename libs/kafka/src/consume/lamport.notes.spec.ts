import fc from 'fast-check';
import { readCommitNote } from '@wiber/contracts';
import type { CommittedOffset } from '../probe/kafka.probe.ts';
import { LamportNotes } from './lamport.notes.ts';

const TOPIC = 'chat';
const TIME = '68f0a1b200000001';
const batchAt = (from: number, next: number, { partition = 0, topic = TOPIC } = {}) => ({
  batch: { topic, partition, takenAt: 1, records: [] },
  fetchedFrom: from,
  nextOffset: String(next),
});

/** A member whose group and store are as the test says; `asked` counts its questions. */
const member = (committed: CommittedOffset[] = []) => {
  const state = { committed, earlier: 7, isAway: false };
  const asked = { group: 0, store: 0 };
  const notes = new LamportNotes({
    topic: TOPIC,
    committed: async () => {
      asked.group += 1;
      if (state.isAway) throw new Error('away');
      return state.committed;
    },
    earlier: async () => ((asked.store += 1), state.earlier),
  });
  const lamportOf = async (...[consumed, lamport]: [ReturnType<typeof batchAt>, number]) =>
    readCommitNote((await notes.noteOf(consumed, { time: TIME, lamport })) ?? null).lamport;
  return { state, asked, notes, lamportOf };
};

test('a note tells the moment of the write and the largest time before the offset; nobody is asked while batches follow each other', async () => {
  const { notes, asked, lamportOf } = member();
  expect(await notes.noteOf(batchAt(0, 10), { time: TIME, lamport: 42 })).toBe(`${TIME}-2a`);
  expect(await notes.noteOf(batchAt(10, 11), { time: undefined, lamport: 0 })).toBe('-2a');
  expect(await lamportOf(batchAt(11, 20), 41)).toBe(42);
  expect(await lamportOf(batchAt(20, 21), 43)).toBe(43);
  expect(asked).toEqual({ group: 0, store: 0 });
});

test('a batch that is fetched again, longer or shorter, has the note of its own end', async () => {
  const { asked, lamportOf } = member();
  await lamportOf(batchAt(0, 10), 5);
  expect(await lamportOf(batchAt(10, 20), 90)).toBe(90);
  expect(await lamportOf(batchAt(10, 15), 6)).toBe(6);
  expect(await lamportOf(batchAt(15, 20), 90)).toBe(90);
  expect(asked.group).toBe(0);
});

test('a member that gets a partition goes on from the note that the last one committed', async () => {
  const { state, asked, lamportOf } = member([{ partition: 0, offset: 30, note: `${TIME}-ff` }]);
  expect(await lamportOf(batchAt(30, 31), 4)).toBe(255);
  // Another member had it meanwhile.
  state.committed = [{ partition: 0, offset: 50, note: '-1ff' }];
  expect(await lamportOf(batchAt(50, 51), 4)).toBe(511);
  expect(asked).toEqual({ group: 2, store: 0 });
});

test('a question that began before the last owner committed is asked again', async () => {
  let calls = 0;
  const late = new LamportNotes({
    topic: TOPIC,
    committed: async () => [{ partition: 0, offset: (calls += 1) === 1 ? 10 : 30, note: calls === 1 ? '-1' : '-63' }],
    earlier: async () => 7,
  });
  expect(readCommitNote((await late.noteOf(batchAt(30, 31), { time: TIME, lamport: 0 })) ?? null).lamport).toBe(99);
});

test.each([
  ['of an earlier version', { partition: 0, offset: 30, note: TIME }],
  ['that an operator set', { partition: 0, offset: 30, note: '' }],
  ['of another place', { partition: 0, offset: 31, note: `${TIME}-ff` }],
])('behind an offset %s the store tells the time to begin with, and the next note has it', async (_, committed) => {
  const { asked, lamportOf } = member([committed]);
  expect(await lamportOf(batchAt(30, 31), 4)).toBe(7);
  expect(await lamportOf(batchAt(31, 32), 9)).toBe(9);
  expect(asked.store).toBe(1);
});

test('where records were deleted unread, the note before them counts, if the store tells no larger time', async () => {
  const { state, lamportOf } = member([{ partition: 0, offset: 20, note: `${TIME}-ff` }]);
  expect(await lamportOf(batchAt(30, 31), 4)).toBe(255);
  state.earlier = 300;
  expect(await lamportOf(batchAt(40, 41), 4)).toBe(300);
});

test('while a server does not say it there is no note to commit: a commit without it would overwrite the only one', async () => {
  const { state, lamportOf } = member([{ partition: 0, offset: 30, note: `${TIME}-ff` }]);
  state.isAway = true;
  await expect(lamportOf(batchAt(30, 31), 4)).rejects.toThrow('away');
  state.isAway = false;
  expect(await lamportOf(batchAt(30, 31), 4)).toBe(255);
});

test('the notes of another topic are those of its handler', async () => {
  const { notes, asked } = member();
  expect(await notes.noteOf(batchAt(5, 6, { topic: 'chat.dlq' }), { time: TIME, lamport: 0 })).toBe(TIME);
  expect(asked.group).toBe(0);
});

test('whoever owns the partition, and wherever members end or fail to commit, each note has the largest time before its offset', async () => {
  const step = fc.record({
    who: fc.nat(2),
    count: fc.integer({ min: 1, max: 4 }),
    fate: fc.constantFrom('commits', 'fails', 'ends'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30), { maxLength: 25 }), fc.array(step, { maxLength: 25 }), async (log, steps) => {
      const committed: CommittedOffset[] = [];
      const newMember = () => member(committed);
      const members = [newMember(), newMember(), newMember()];
      for (const { who, count, fate } of steps) {
        const from = committed[0]?.offset ?? 0;
        const records = log.slice(from, from + count);
        if (records.length === 0) break;
        const next = from + records.length;
        const note = await members[who]!.notes.noteOf(batchAt(from, next), {
          time: TIME,
          lamport: Math.max(...records),
        });
        expect(readCommitNote(note ?? null).lamport).toBe(Math.max(...log.slice(0, next)));
        if (fate === 'ends') members[who] = newMember();
        if (fate === 'commits') committed[0] = { partition: 0, offset: next, note: note ?? null };
      }
    }),
    { numRuns: 10_000 },
  );
});
