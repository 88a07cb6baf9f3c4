/** One series of an answer. */
export interface PromSample {
  /** With `__name__`, unless the query took it away. */
  labels: Record<string, string>;
  value: number;
  /** Unix time in seconds. */
  at: number;
}

/** An alert that is pending or fires now. */
export interface PromAlert {
  name: string;
  state: 'pending' | 'firing';
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface PromRule {
  type: 'alerting' | 'recording';
  name: string;
  query: string;
  /** `unknown` before its first run. */
  health: 'ok' | 'err' | 'unknown';
  lastError: string | undefined;
}

export interface PromTarget {
  job: string;
  url: string;
  health: 'up' | 'down' | 'unknown';
  lastError: string;
}

interface Series {
  metric: Record<string, string>;
  value: [at: number, value: string];
}

/** An instant query answers a vector, or for an expression such as `1` a scalar. */
type Result = { resultType: 'vector'; result: Series[] } | { resultType: 'scalar'; result: Series['value'] };

/** Prometheus writes +Inf, -Inf and NaN. */
const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'));

/** Questions to a Prometheus server: https://prometheus.io/docs/prometheus/latest/querying/api/. */
export class PrometheusApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** The series that the expression has now, or at a unix time in seconds. @throws Error with the reason of Prometheus */
  async query(expression: string, time?: number): Promise<PromSample[]> {
    const parameters = new URLSearchParams({
      query: expression,
      ...(time === undefined ? {} : { time: String(time) }),
    });
    const answer = await this.ask<Result>(`/api/v1/query?${parameters.toString()}`);
    const series = answer.resultType === 'scalar' ? [{ metric: {}, value: answer.result }] : answer.result;
    return series.map(({ metric, value: [at, value] }) => ({ labels: metric, value: numberOf(value), at }));
  }

  /** Alerts that are pending or fire now. */
  async alerts(): Promise<PromAlert[]> {
    const { alerts } = await this.ask<{ alerts: Omit<PromAlert, 'name'>[] }>('/api/v1/alerts');
    return alerts.map(({ state, labels, annotations }) => ({
      name: labels['alertname'] ?? '',
      state,
      labels,
      annotations,
    }));
  }

  /** All rules, in the order of their files. */
  async rules(): Promise<PromRule[]> {
    const { groups } = await this.ask<{ groups: { rules: PromRule[] }[] }>('/api/v1/rules');
    return groups.flatMap(({ rules }) =>
      rules.map(({ type, name, query, health, lastError }) => ({ type, name, query, health, lastError })),
    );
  }

  /** What it scrapes. */
  async targets(): Promise<PromTarget[]> {
    const { activeTargets } = await this.ask<{
      activeTargets: {
        labels: Record<string, string>;
        scrapeUrl: string;
        health: PromTarget['health'];
        lastError: string;
      }[];
    }>('/api/v1/targets?state=active');
    return activeTargets.map(({ labels, scrapeUrl, health, lastError }) => ({
      job: labels['job'] ?? '',
      url: scrapeUrl,
      health,
      lastError,
    }));
  }

  private async ask<Data>(path: string): Promise<Data> {
    const answer = await fetch(`${this.url}${path}`);
    const body = (await answer.json()) as { status: string; data: Data; error?: string };
    if (body.status !== 'success') throw new Error(`Prometheus answers ${answer.status}: ${body.error}`);
    return body.data;
  }
}
