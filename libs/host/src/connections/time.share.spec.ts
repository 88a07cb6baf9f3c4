import { TimeShare } from './time.share.ts';

let now = 0;
beforeEach(() => void (now = 0));

/** Runs turns of the event loop: other work of `otherMs` each, and as many units of `unitMs` as the share allows. */
const turns = (share: TimeShare, count: number, { otherMs, unitMs }: { otherMs: number; unitMs: number }) => {
  const took = { other: 0, own: 0 };
  for (let turn = 0; turn < count; turn += 1) {
    now += otherMs;
    const units = share.begin();
    now += units * unitMs;
    share.end(units);
    took.other += otherMs;
    took.own += units * unitMs;
  }
  return took;
};

test.each([
  ['cheap', 0.05],
  ['usual', 0.3],
  ['costly', 7],
])('while there is other work, one part in 25 of the time is for what waits: units that are %s', (_, unitMs) => {
  const { other, own } = turns(new TimeShare(() => now), 20_000, { otherMs: 0.4, unitMs });
  expect(own / (own + other)).toBeGreaterThan(0.035);
  expect(own / (own + other)).toBeLessThan(0.045);
});

test('without other work, what waits is done in every turn, in ever longer ones of 2 ms at most', () => {
  const share = new TimeShare(() => now);
  turns(share, 10, { otherMs: 1, unitMs: 0.1 });
  const lengths = Array.from({ length: 20 }, () => turns(share, 1, { otherMs: 0.01, unitMs: 0.1 }).own);
  expect(Math.min(...lengths)).toBeGreaterThan(0);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(2.2);
  expect(lengths.at(-1)).toBeGreaterThan(1.5);
});

test('a unit that took a second is not owed for longer than a share of 10 ms', () => {
  const share = new TimeShare(() => now);
  turns(share, 1, { otherMs: 1, unitMs: 1000 });
  const { own } = turns(share, 260, { otherMs: 1, unitMs: 0.1 });
  expect(own).toBeGreaterThan(0);
});

test('a pause without any work saves up no more than a millisecond', () => {
  const share = new TimeShare(() => now);
  now += 60_000;
  expect(turns(share, 1, { otherMs: 0, unitMs: 0.01 }).own).toBeLessThanOrEqual(1);
});
