import type { CommittedOffset } from '@wiber/kafka';
import { ingestProgress } from './ingest.progress.ts';

const T1 = '68f0a1b200000001';
const T2 = '68f0a1b200000002';
/** 6 s after T1, and the last time that a token can name. */
const LATER = '68f0a1b800000001';
const NEVER = 'ffffffffffffffff';

/** The test sets the committed offsets, and whether MongoDB answers. `observed` has the times that the store learned. */
const reader = () => {
  const state = { committed: [] as CommittedOffset[], storeIsAway: false, seen: T1 as string | undefined };
  const observed: string[] = [];
  const store = {
    observe: (token: string | undefined) => void observed.push(String(token)),
    get seen() {
      return state.seen;
    },
    now: async () => {
      if (state.storeIsAway) throw new Error('away');
      return 'primary';
    },
  };
  return { state, observed, read: ingestProgress(async () => state.committed, store) };
};

test('the store learns the time of every partition before the offsets are returned', async () => {
  const { state, observed, read } = reader();
  state.committed = [
    { partition: 0, offset: 5, note: T2 },
    { partition: 2, offset: 7, note: T1 },
  ];
  const offsets = read().then((committed) => ({ committed, observed: [...observed] }));
  expect(await offsets).toEqual({
    committed: new Map([
      [0, 5],
      [2, 7],
    ]),
    observed: [T2, T1],
  });
});

test.each([null, '', 'another tool was here', LATER, NEVER])(
  'for an offset whose note is %j, which is no time or too far ahead, the primary is asked for its time, once while the offset stays',
  async (note) => {
    const { state, observed, read } = reader();
    state.committed = [{ partition: 0, offset: 5, note }];
    await read();
    await read();
    expect(observed).toEqual(['primary']);
    state.committed = [{ partition: 0, offset: 6, note }];
    await read();
    expect(observed).toEqual(['primary', 'primary']);
  },
);

test('while the time of an offset is unknown, the offset is not returned', async () => {
  const { state, observed, read } = reader();
  state.committed = [{ partition: 0, offset: 5, note: null }];
  state.storeIsAway = true;
  await expect(read()).rejects.toThrow('away');
  state.storeIsAway = false;
  expect(await read()).toEqual(new Map([[0, 5]]));
  expect(observed).toEqual(['primary']);
});

test('one foreign note delays no other partition: their notes are taken, and every offset is returned', async () => {
  const { state, observed, read } = reader();
  state.committed = [
    { partition: 0, offset: 5, note: NEVER },
    { partition: 1, offset: 7, note: T2 },
  ];
  expect((await read()).size).toBe(2);
  expect(observed).toEqual([T2, 'primary']);
});

test('a process that has seen nothing of the store believes no note, and asks the primary', async () => {
  const { state, observed, read } = reader();
  state.seen = undefined;
  state.committed = [{ partition: 0, offset: 5, note: T1 }];
  await read();
  expect(observed).toEqual(['primary']);
});
