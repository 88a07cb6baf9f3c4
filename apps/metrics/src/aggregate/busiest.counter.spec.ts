import { FiguresRefusedError, type BusiestChange, type BusiestKey, type BusiestState } from '@wiber/mongo';
import { BusiestCounter } from './busiest.counter.ts';
import { LeadLostError } from './counted.stream.ts';
import { CLOCKS, KEPT, NOW, leadOf, progressOf } from './round.double-spec.ts';

const HOUR_MS = 3_600_000;

/** A counter over a store in memory that answers its writes with what the test says; then they succeed. */
const counterWith = (answers: (boolean | Error)[] = []) => {
  const reads: number[] = [];
  const writes: BusiestChange[][] = [];
  const store = {
    read: async (windows: readonly BusiestKey[]): Promise<BusiestState[]> => {
      reads.push(windows.length);
      return windows.map(() => ({ upTo: -1, list: [] }));
    },
    write: async (changes: readonly BusiestChange[]) => {
      writes.push([...changes]);
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const counter = new BusiestCounter({ topic: 'chat', keptMs: KEPT, store });
  const add = (records: { offset: number; key: string | null; at?: number }[], lead = leadOf(), writes = 1) =>
    counter.add(
      [
        {
          partition: 3,
          records: records.map(({ offset, key, at = NOW }) => {
            return { offset, timestamp: at, key: key === null ? key : Buffer.from(key), value: null, headers: {} };
          }),
        },
      ],
      { lead, now: CLOCKS, progress: { ...progressOf('accepted'), writes }, share: 1 },
    );
  return { add, reads, writes };
};

test('states are read once and then known; a round without a conversation reads and writes nothing', async () => {
  const { add, reads, writes } = counterWith();
  await add([
    { offset: 0, key: null },
    { offset: 1, key: 'nobody' },
    { offset: 2, key: 'a:b:c' },
  ]);
  expect([reads, writes]).toEqual([[], []]);
  await add([
    { offset: 3, key: 'ann:ben' },
    { offset: 4, key: 'ann:ben' },
  ]);
  await add([{ offset: 5, key: 'ann:cat' }]);
  expect(reads).toEqual([2]);
  expect(writes[1]![0]).toMatchObject({
    window: { topic: 'chat', span: 'minute', partition: 3 },
    from: 4,
    next: {
      upTo: 5,
      list: [
        { name: 'ann:ben', count: 2, error: 0 },
        { name: 'ann:cat', count: 1, error: 0 },
      ],
    },
  });
});

test('where an earlier progress was put back, the lists that are known say nothing: they are read anew', async () => {
  const { add, reads, writes } = counterWith();
  await add([{ offset: 3, key: 'ann:ben' }], leadOf(), 7);
  await add([{ offset: 3, key: 'ann:ben' }], leadOf(), 8);
  expect([reads, writes.length]).toEqual([[2], 1]);
  await add([{ offset: 3, key: 'ann:ben' }], leadOf(), 5);
  expect([reads, writes.length]).toEqual([[2, 2], 2]);
});

test('records that a window lists already are left out, and nothing is written for them', async () => {
  const { add, writes } = counterWith();
  await add([{ offset: 3, key: 'ann:ben' }]);
  await add([
    { offset: 2, key: 'ann:ben' },
    { offset: 3, key: 'ann:ben' },
  ]);
  expect(writes).toHaveLength(1);
});

test('after a write that another worker was before, and after one that failed, the states are read anew', async () => {
  const { add, reads, writes } = counterWith([false, true, new Error('away')]);
  await add([{ offset: 0, key: 'ann:ben' }]);
  expect([reads, writes.length]).toEqual([[2, 2], 2]);
  await expect(add([{ offset: 1, key: 'ann:ben' }])).rejects.toThrow('away');
  await add([{ offset: 1, key: 'ann:ben' }]);
  expect(reads).toEqual([2, 2, 2]);
});

test('a record whose windows are not kept any more is in no list', async () => {
  const { add, writes } = counterWith();
  await add([{ offset: 0, key: 'ann:ben', at: NOW - 10 * HOUR_MS }]);
  expect(writes).toEqual([]);
});

test('a worker whose lead has ended writes nothing', async () => {
  const { add, writes } = counterWith();
  await expect(
    add(
      [{ offset: 0, key: 'ann:ben' }],
      leadOf(() => false),
    ),
  ).rejects.toThrow(LeadLostError);
  expect(writes).toEqual([]);
});

test('a write that changes nothing is no spin: it is a fault after ten rounds, and ends sooner with the lead', async () => {
  const never = Array.from({ length: 100 }, () => false);
  const stuck = counterWith([...never]);
  await expect(stuck.add([{ offset: 4, key: 'ann:ben' }])).rejects.toThrow(FiguresRefusedError);
  expect(stuck.writes).toHaveLength(11);
  const late = counterWith([...never]);
  const lead = leadOf(() => late.writes.length < 3);
  await expect(late.add([{ offset: 4, key: 'ann:ben' }], lead)).rejects.toThrow(LeadLostError);
});
