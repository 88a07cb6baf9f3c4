export interface MetricOptions {
  /** Only samples that have each of these labels. */
  labels?: Record<string, string>;
  /** Returns 0 when the app has the metric and no such sample yet: a counter with labels has none before its first count. */
  orZero?: boolean;
}

interface Sample {
  labels: string;
  value: number;
}

/** Names that Prometheus derives from the name of a histogram or a summary. */
const DERIVED = /_(?:count|sum|bucket)$/;

/** What an app answers at /metrics, in the text format of Prometheus. */
export class AppMetrics {
  private readonly samples = new Map<string, Sample[]>();
  /** Prometheus prints `# TYPE` for each metric that the app has, also before its first sample. */
  private readonly declared = new Set<string>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const type = /^# TYPE (\S+) /.exec(line);
      if (type) this.declared.add(type[1]!);
      const sample = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups;
      if (!sample) continue;
      const { name = '', labels = '', value } = sample;
      this.samples.set(name, [...(this.samples.get(name) ?? []), { labels, value: Number(value) }]);
    }
  }

  static async read(url: string): Promise<AppMetrics> {
    const answer = await fetch(`${url}/metrics`);
    if (!answer.ok) throw new Error(`${url}/metrics answers ${answer.status}`);
    return new AppMetrics(await answer.text());
  }

  /**
   * The sum of a metric over the samples that have the labels.
   * @throws Error when there is no such sample; with `orZero` only when the app has no metric of this name
   */
  sum(name: string, { labels = {}, orZero = false }: MetricOptions = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const found = (this.samples.get(name) ?? []).filter((sample) =>
      wanted.every((label) => `,${sample.labels},`.includes(`,${label},`)),
    );
    const isDeclared = this.declared.has(name) || this.declared.has(name.replace(DERIVED, ''));
    if (!isDeclared) throw new Error(`there is no metric ${name}`);
    if (found.length === 0 && !orZero) throw new Error(`there is no sample of ${name}{${wanted.join()}}`);
    return found.reduce((sum, { value }) => sum + value, 0);
  }
}
