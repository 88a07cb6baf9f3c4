import { ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { ByteBudget } from './byte.budget.ts';
import { LIGHT_MAX, PageTurns } from './page.turns.ts';

const LARGE = { limit: 500, withinMs: 60_000 };
const SMALL = { limit: LIGHT_MAX, withinMs: 60_000 };
const page = (bytes: number) => ({ json: Buffer.alloc(bytes) });

/** Reads that end when the test says so. */
const reads = () => {
  const running: ((bytes: number) => void)[] = [];
  const read = () => new Promise<{ json: Buffer }>((resolve) => running.push((bytes) => resolve(page(bytes))));
  return { running, read };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('of many large pages at once two are read and 32 wait; the next is refused at once, and small pages pass', async () => {
  const turns = new PageTurns();
  const { running, read } = reads();
  const all = Array.from({ length: 100 }, () =>
    turns.run(LARGE, read).then(
      () => 'read',
      (error: unknown) => error,
    ),
  );
  for (const refused of await Promise.all(all.slice(34))) expect(refused).toBeInstanceOf(ReadsOverloadedError);
  expect(running).toHaveLength(2);
  expect(await turns.run(SMALL, async () => page(100))).toEqual(page(100));
  for (let ended = 0; ended < 34; ended += 1) {
    expect(running.length).toBeLessThanOrEqual(ended + 2);
    running[ended]?.(100);
    await all[ended];
    await settled();
  }
  expect(new Set(await Promise.all(all.slice(0, 34)))).toEqual(new Set(['read']));
});

test('a page of many bytes makes the next large one wait by its bytes, or be refused when its time is less; short ones cost nothing', async () => {
  let now = 0;
  const turns = new PageTurns(() => now);
  for (let count = 0; count < 100; count += 1) await turns.run(LARGE, async () => page(1000));
  await turns.run(LARGE, async () => page(11_000_000));
  let isRead = false;
  const next = { limit: 500, withinMs: 100 };
  const read = async () => ((isRead = true), page(1));
  await expect(turns.run(next, read)).rejects.toThrow(ReadsOverloadedError);
  expect(isRead).toBe(false);
  expect(await turns.run(SMALL, async () => page(1))).toEqual(page(1));
  // 11.1 MB at 20 KB a millisecond, without the burst of 1 MB.
  now += 505;
  await turns.run(next, read);
  expect(isRead).toBe(true);
});

test('a page that fails spends nothing and gives its turn back', async () => {
  const turns = new PageTurns();
  for (let count = 0; count < 5; count += 1)
    await expect(turns.run(LARGE, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await turns.run(LARGE, async () => page(1))).toEqual(page(1));
});

test('a budget has its burst after a quiet time and no more, and a debt lasts as long as its bytes take', () => {
  let now = 0;
  const budget = new ByteBudget({ type: 'bytes', perMs: 10, burst: 100 }, () => now);
  budget.spend(100);
  expect(budget.debtMs).toBe(0);
  budget.spend(50);
  expect(budget.debtMs).toBe(5);
  now = 2;
  expect(budget.debtMs).toBe(3);
  now = 1_000_000;
  budget.spend(101);
  expect(budget.debtMs).toBeCloseTo(0.1);
});
