import { ReadsOverloadedError } from '../connection/mongo.errors.ts';
import { BusyHourFound } from '../activity/busy.hour.ts';
import { LIGHT_MAX, PageTurns } from './page.turns.ts';

const LARGE = { limit: 500, withinMs: 60_000, of: 'ann:ben' };
const SMALL = { limit: LIGHT_MAX, withinMs: 60_000, of: 'ann:cat' };
const page = (bytes: number, count = 1) => ({ json: Buffer.alloc(bytes), count });

/** Reads that end when the test says so. */
const reads = () => {
  const running: ((bytes: number) => void)[] = [];
  const read = () =>
    new Promise<{ json: Buffer; count: number }>((resolve) => running.push((bytes) => resolve(page(bytes))));
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
  const next = { ...LARGE, withinMs: 100 };
  const read = async () => ((isRead = true), page(1));
  await expect(turns.run(next, read)).rejects.toThrow(ReadsOverloadedError);
  expect(isRead).toBe(false);
  expect(await turns.run(SMALL, async () => page(1))).toEqual(page(1));
  // 11.1 MB at 20 KB a millisecond, without the burst of 1 MB.
  now += 505;
  await turns.run(next, read);
  expect(isRead).toBe(true);
});

test('pages of 50 large messages take turns with the heavy ones once one was seen, and pages of short ones pass them', async () => {
  const turns = new PageTurns();
  const large = { ...SMALL, of: 'ann:dan' };
  await turns.run(large, async () => page(1_000_000, LIGHT_MAX));
  // A small page in between makes them no smaller.
  await turns.run({ ...large, limit: 1 }, async () => page(200));
  const { running, read } = reads();
  const all = Array.from({ length: 100 }, () =>
    turns.run(large, read).then(
      () => 'read',
      (error: unknown) => error,
    ),
  );
  for (const refused of await Promise.all(all.slice(34))) expect(refused).toBeInstanceOf(ReadsOverloadedError);
  expect(running).toHaveLength(2);
  expect(await turns.run(SMALL, async () => page(100))).toEqual(page(100));
  expect(await turns.run({ ...large, limit: 5 }, async () => page(100))).toEqual(page(100));
  for (let ended = 0; ended < 34; ended += 1) {
    running[ended]?.(100);
    await all[ended];
    await settled();
  }
});

test('pages of users with a busy hour are read one at a time, whatever their size, and keep nobody else waiting', async () => {
  const turns = new PageTurns();
  const { running, read } = reads();
  const told = (asked: typeof SMALL) =>
    turns
      .run(asked, async ({ mayReadBusyHours }) => {
        if (!mayReadBusyHours) throw new BusyHourFound();
        return read();
      })
      .then(
        () => 'read',
        (error: unknown) => error,
      );
  const all = Array.from({ length: 50 }, (_, index) => told({ ...(index % 2 ? SMALL : LARGE), of: 'hub' }));
  const outcomes = Promise.all(all);
  await settled();
  expect(running).toHaveLength(1);
  for (const asked of [SMALL, LARGE]) expect(await turns.run(asked, async () => page(100))).toEqual(page(100));
  for (let ended = 0; ended < 34; ended += 1) {
    expect(running).toHaveLength(ended + 1);
    running[ended]?.(100);
    await settled();
    await settled();
  }
  const refused = (await outcomes).filter((one) => one !== 'read');
  expect(refused).toHaveLength(16);
  for (const one of refused) expect(one).toBeInstanceOf(ReadsOverloadedError);
});

test('a page with a busy hour has five seconds, and those that took more than a third of the time make the next one wait, also when they fail', async () => {
  let now = 0;
  const turns = new PageTurns(() => now);
  const allowed: number[] = [];
  const asked = { ...SMALL, withinMs: 1500 };
  const take = (ms: number) =>
    turns.run(asked, async ({ mayReadBusyHours, withinMs }) => {
      if (!mayReadBusyHours) throw new BusyHourFound();
      allowed.push(withinMs);
      now += ms;
      throw new Error('failed');
    });
  for (const ms of [5000, 5000]) await expect(take(ms)).rejects.toThrow('failed');
  expect(allowed).toEqual([5000, 5000]);
  await expect(take(1)).rejects.toThrow(ReadsOverloadedError);
  now += 20_000;
  await expect(take(1)).rejects.toThrow('failed');
});

test('a page that fails spends nothing and gives its turn back', async () => {
  const turns = new PageTurns();
  for (let count = 0; count < 5; count += 1)
    await expect(turns.run(LARGE, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await turns.run(LARGE, async () => page(1))).toEqual(page(1));
});
