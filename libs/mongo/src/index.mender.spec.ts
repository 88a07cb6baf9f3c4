import { IndexMender } from './index.mender.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

const mending = () => {
  const state = { time: 0, missing: ['messages.message_once'], looks: 0, made: 0, fails: false };
  const lost: string[][] = [];
  const failures: unknown[] = [];
  const mender = new IndexMender({
    missing: async () => {
      state.looks += 1;
      return state.missing;
    },
    make: async () => {
      if (state.fails) throw new Error('duplicates');
      state.made += 1;
      state.missing = [];
    },
    onLost: (names) => void lost.push(names),
    onFailed: (error) => void failures.push(error),
    now: () => state.time,
  });
  return { state, lost, failures, mender };
};

test('an index that was dropped is said and made again; of many looks at once, and within 5 s, one is made', async () => {
  const { state, lost, mender } = mending();
  for (let look = 0; look < 100; look += 1) mender.look();
  await settled();
  for (let look = 0; look < 100; look += 1) mender.look();
  await settled();
  expect([state.looks, state.made, lost]).toEqual([1, 1, [['messages.message_once']]]);
  state.time = 5000;
  mender.look();
  await settled();
  expect([state.looks, state.made]).toEqual([2, 1]);
});

test('an index that can not be made is said and tried again, and after the end nothing is', async () => {
  const { state, failures, mender } = mending();
  state.fails = true;
  mender.look();
  await settled();
  expect(failures).toEqual([new Error('duplicates')]);
  state.fails = false;
  state.time = 10_000;
  mender.look();
  await settled();
  expect(state.made).toBe(1);
  mender.end();
  state.time = 60_000;
  mender.look();
  await settled();
  expect(state.looks).toBe(2);
});
