import type { CommittedOffset } from '@wiber/kafka';
import { committedReader } from './committed.reader.ts';

const T1 = '68f0a1b200000001';
const T2 = '68f0a1b200000002';

/** What Kafka says is the test's; so is whether MongoDB answers. */
const reader = () => {
  const state = { committed: [] as CommittedOffset[], storeIsAway: false };
  const told: string[] = [];
  const store = {
    observe: (token: string | undefined) => void told.push(String(token)),
    now: async () => {
      if (state.storeIsAway) throw new Error('away');
      return 'primary';
    },
  };
  return { state, told, read: committedReader(async () => state.committed, store) };
};

test('the store learns the time of every partition before the offsets are told', async () => {
  const { state, told, read } = reader();
  state.committed = [
    { partition: 0, offset: 5, note: T2 },
    { partition: 2, offset: 7, note: T1 },
  ];
  const offsets = read().then((committed) => ({ committed, told: [...told] }));
  expect(await offsets).toEqual({
    committed: new Map([
      [0, 5],
      [2, 7],
    ]),
    told: [T2, T1],
  });
});

test.each([null, '', 'another tool was here'])(
  'for an offset whose note is %j the primary is asked for its time, once while the offset stays',
  async (note) => {
    const { state, told, read } = reader();
    state.committed = [{ partition: 0, offset: 5, note }];
    await read();
    await read();
    expect(told).toEqual(['primary']);
    state.committed = [{ partition: 0, offset: 6, note }];
    await read();
    expect(told).toEqual(['primary', 'primary']);
  },
);

test('while nobody can say the time of an offset, it is not told as stored', async () => {
  const { state, told, read } = reader();
  state.committed = [{ partition: 0, offset: 5, note: null }];
  state.storeIsAway = true;
  await expect(read()).rejects.toThrow('away');
  state.storeIsAway = false;
  expect(await read()).toEqual(new Map([[0, 5]]));
  expect(told).toEqual(['primary']);
});
