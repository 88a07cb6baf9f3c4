import { OpenTransactions } from './open.transactions.ts';

/** One partition of this member, whose leader says where the first open transaction begins. */
const watching = () => {
  const state = { time: 0, isOwned: true };
  const lines: string[] = [];
  const open = new OpenTransactions({
    isOwned: () => state.isOwned,
    now: () => state.time,
    log: (level, line) => void lines.push(`${level}: ${line}`),
  });
  const see = (stable: number, high = 100) =>
    open.see({ topic: 'chat', partition: 2, lastStableOffset: BigInt(stable), highWatermark: BigInt(high) });
  return { state, lines, open, see };
};

test('a transaction that stays open for 10 s is counted, and said with the command that aborts it', () => {
  const { state, lines, open, see } = watching();
  see(7);
  state.time = 9999;
  see(7);
  expect([open.partitions, lines]).toEqual([0, []]);
  state.time = 10_000;
  see(7, 200);
  expect(open.partitions).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^error: .* kafka-transactions.sh abort --topic chat --partition 2 --start-offset 7$/),
  ]);
});

test('it is said again once a minute, not at each fetch, until it ends', () => {
  const { state, lines, open, see } = watching();
  for (state.time = 0; state.time <= 130_000; state.time += 500) see(7);
  expect(lines).toHaveLength(3);
  see(100);
  expect(open.partitions).toBe(0);
});

test('transactions that end in time, one after another, are no matter', () => {
  const { state, lines, open, see } = watching();
  for (state.time = 0; state.time <= 60_000; state.time += 500) see(Math.floor(state.time / 5000));
  expect([open.partitions, lines]).toEqual([0, []]);
});

test('a partition that another member reads now is not counted', () => {
  const { state, open, see } = watching();
  see(7);
  state.time = 60_000;
  state.isOwned = false;
  expect(open.partitions).toBe(0);
});
