import { WorkShare } from './work.share.ts';

/** A clock that only the work and the rests move. */
const clock = () => {
  let now = 0;
  const rests: number[] = [];
  return {
    rests,
    now: () => now,
    work: (ms: number) => () => (now += ms),
    sleep: async (ms: number) => {
      rests.push(ms);
      now += ms;
    },
  };
};
const POLICY = { type: 'share', share: 0.2, burstMs: 10 } as const;

test('work that never pauses has its share of the time, however long a piece is', async () => {
  const { work, rests, ...ports } = clock();
  const share = new WorkShare(POLICY, ports);
  let workMs = 0;
  for (let piece = 0; piece < 200; piece += 1) {
    const ms = 1 + (piece % 40);
    workMs += ms;
    await share.run(work(ms));
  }
  // The last piece has no rest behind it, and the burst was free.
  expect((workMs - POLICY.burstMs - 40) / ports.now()).toBeLessThanOrEqual(POLICY.share);
  expect(workMs / ports.now()).toBeGreaterThan(0.19);
});

test('a little work after a quiet time does not rest', async () => {
  const { work, rests, ...ports } = clock();
  const share = new WorkShare(POLICY, ports);
  for (let round = 0; round < 10; round += 1) {
    await Promise.all([share.run(work(4)), share.run(work(4))]);
    await ports.sleep(100);
  }
  expect(rests).toEqual(Array(10).fill(100));
});

test('pieces that are given at once run one by one, and one that throws takes its time too', async () => {
  const { work, rests, ...ports } = clock();
  const share = new WorkShare(POLICY, ports);
  const failing = share.run(() => {
    work(30)();
    throw new Error('no figures');
  });
  const order: number[] = [];
  const others = [1, 2].map((piece) => share.run(() => order.push(piece)));
  await expect(failing).rejects.toThrow('no figures');
  await Promise.all(others);
  expect(order).toEqual([1, 2]);
  // 30 ms, of which the burst and the share of these 30 ms are free.
  expect(rests).toEqual([100]);
});
