import { register } from 'prom-client';

interface Sample {
  value: number;
  labels: Partial<Record<string, string | number>>;
  metricName?: string;
}

const samplesOf = async (name: string): Promise<readonly Sample[]> => {
  const metric = register.getSingleMetric(name) as { get(): Promise<{ values: Sample[] }> } | undefined;
  return (await metric?.get())?.values ?? [];
};

/** The sum of all values of a counter or a gauge of this process; 0 of one that it has not. */
export const metricSum = async (name: string): Promise<number> =>
  (await samplesOf(name)).reduce((sum, { value }) => sum + value, 0);

/**
 * The buckets of a histogram of this process that has no labels: the upper bounds but for the infinite one, and the counts up to
 * each of them and in all. None of one that it has not.
 */
export const metricBuckets = async (name: string): Promise<{ bounds: number[]; counts: number[] }> => {
  const buckets = (await samplesOf(name)).filter(({ metricName }) => metricName === `${name}_bucket`);
  return {
    bounds: buckets.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite),
    counts: buckets.map(({ value }) => value),
  };
};
