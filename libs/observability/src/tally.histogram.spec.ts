import { Histogram, Registry, register } from 'prom-client';
import { TallyHistogram } from './tally.histogram.ts';

beforeEach(() => register.clear());

const OPTIONS = { name: 'wait_seconds', help: 'A wait.', buckets: [0.1, 1, 10] };

test('it shows what a histogram of prom-client shows for the same values, a value at a bound in the bucket of that bound', async () => {
  const other = new Registry();
  const expected = new Histogram({ ...OPTIONS, buckets: [...OPTIONS.buckets], registers: [other] });
  const tally = new TallyHistogram(OPTIONS);
  for (const seconds of [0, 0.05, 0.1, 0.100001, 1, 9.99, 10, 10.5, 1e9]) {
    expected.observe(seconds);
    tally.add(seconds);
  }
  expect(await register.metrics()).toBe(await other.metrics());
});

test('before the first value all its buckets are 0, so a rate has a start', async () => {
  new TallyHistogram(OPTIONS);
  expect(await register.metrics()).toContain('wait_seconds_bucket{le="+Inf"} 0\n');
});

test('a negative value and one that is no number count as 0 seconds: clocks that differ never spoil the sum', async () => {
  const tally = new TallyHistogram(OPTIONS);
  tally.add(-3600);
  tally.add(NaN);
  const text = await register.metrics();
  expect(text).toContain('wait_seconds_bucket{le="0.1"} 2\n');
  expect(text).toContain('wait_seconds_sum 0\n');
});
