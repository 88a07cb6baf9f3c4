import fc from 'fast-check';
import { LeastDelay, WINDOW_MS } from './least.delay.ts';

const estimateOf = (samples: readonly [number, number][]): number | undefined => {
  const estimator = new LeastDelay();
  for (const [lead, now] of samples) estimator.add(lead, now);
  return estimator.atLeastMs;
};

test('with any offset and any delays the estimate is never above the offset, and off by the least delay of the window', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: -4e12, max: 4e12 }), delays, (offset, all) => {
      const estimate = estimateOf(all.map((delay, index) => [offset - delay, index * 10]));
      expect(estimate).toBe(offset - Math.min(...all));
    }),
  );
});

test('it is the largest of exactly the samples of its stages, whenever they come', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 20_000 })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(gaps, (all) => {
      let now = 0;
      const samples = all.map(([lead, gap]): [number, number] => [lead, (now += gap)]);
      const estimate = estimateOf(samples)!;
      const sure = samples.filter(([, at]) => at > now - WINDOW_MS + WINDOW_MS / 8).map(([lead]) => lead);
      const possible = samples.filter(([, at]) => at > now - WINDOW_MS).map(([lead]) => lead);
      expect(estimate).toBeGreaterThanOrEqual(Math.max(...sure));
      expect(estimate).toBeLessThanOrEqual(Math.max(...possible));
      expect(possible).toContain(estimate);
    }),
  );
});

test('a clock that is set forward is seen at once, one that is set back when the window is over', () => {
  const estimator = new LeastDelay();
  estimator.add(-5, 0);
  estimator.add(3_599_995, 10);
  expect(estimator.atLeastMs).toBe(3_599_995);
  for (let now = 20; now < WINDOW_MS - 1000; now += 1000) estimator.add(-7, now);
  expect(estimator.atLeastMs).toBe(3_599_995);
  estimator.add(-7, WINDOW_MS + 1);
  expect(estimator.atLeastMs).toBe(-7);
});

test('the last estimate stays when nothing comes any more, and says when it was made', () => {
  const estimator = new LeastDelay();
  expect([estimator.atLeastMs, estimator.seenAt]).toEqual([undefined, -Infinity]);
  estimator.add(4, 100);
  expect([estimator.atLeastMs, estimator.seenAt]).toEqual([4, 100]);
});

test.each([NaN, Infinity, -Infinity])('a sample of %s ms changes nothing', (lead) => {
  expect(estimateOf([[lead, 0]])).toBeUndefined();
  expect(
    estimateOf([
      [2, 0],
      [lead, 1],
    ]),
  ).toBe(2);
});

test.each([2 ** 53, -(2 ** 53)])('a sample of %s ms is only a large one', (lead) => {
  expect(estimateOf([[lead, 0]])).toBe(lead);
});
