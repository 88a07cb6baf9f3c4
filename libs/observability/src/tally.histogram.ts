import { register, type Metric } from 'prom-client';

export interface TallyOptions {
  name: string;
  help: string;
  /** Upper bounds in seconds, each larger than the one before. */
  buckets: readonly number[];
}

/**
 * A histogram for the hot path, without labels. To add a value is a few comparisons and allocates nothing, so each message of a
 * batch can be measured: `observe` of prom-client makes objects and looks up labels for each value.
 */
export class TallyHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly labelNames: readonly string[] = [];
  readonly name: string;
  readonly help: string;
  private readonly bounds: readonly number[];
  /** How many values each bucket has alone; the last one has those above all bounds. */
  private readonly tally: number[];
  private sum = 0;

  constructor({ name, help, buckets }: TallyOptions) {
    this.name = name;
    this.help = help;
    this.bounds = buckets;
    this.tally = new Array<number>(buckets.length + 1).fill(0);
    // The registry asks a metric for its name and its values only.
    register.registerMetric(this as unknown as Metric);
  }

  /** @param seconds below 0 counts as 0: nothing takes less than no time, but the clocks of two machines may say so */
  add(seconds: number): void {
    const value = seconds > 0 ? seconds : 0;
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket += 1;
    this.tally[bucket]! += 1;
    this.sum += value;
  }

  /** What a scrape shows. A bucket of Prometheus counts all values up to its bound. */
  async get() {
    const { name, help, type, aggregator, bounds } = this;
    let count = 0;
    const buckets = this.tally.map((own, index) => {
      count += own;
      return { labels: { le: bounds[index] ?? '+Inf' }, value: count, metricName: `${name}_bucket` };
    });
    const values = [
      ...buckets,
      { labels: {}, value: this.sum, metricName: `${name}_sum` },
      { labels: {}, value: count, metricName: `${name}_count` },
    ];
    return { name, help, type, aggregator, values };
  }

  reset(): void {
    this.tally.fill(0);
    this.sum = 0;
  }
}
