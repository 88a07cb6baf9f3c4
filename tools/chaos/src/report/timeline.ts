import type { Send } from '../checker/observation.ts';

/** The answers that came in one second of the run. */
export interface Second {
  acked: number;
  refused: number;
  unknown: number;
  /** Latency of the accepted sends in milliseconds. Undefined when none was accepted in this second. */
  p50: number | undefined;
  p99: number | undefined;
}

/** The percentile by the nearest-rank method. */
const percentile = (sorted: number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];

/** Every second of the workload's clock from 0 to the last answer. A second without an answer has zero counts. */
export const secondsOf = (sends: readonly Send[]): Second[] => {
  const bySecond = Map.groupBy(sends, ({ answeredAt }) => Math.floor(answeredAt / 1000));
  const length = sends.length === 0 ? 0 : Math.max(...bySecond.keys()) + 1;
  return Array.from({ length }, (_, second) => {
    const ended = bySecond.get(second) ?? [];
    const count = (type: string): number => ended.filter(({ outcome }) => outcome.type === type).length;
    const latencies = ended
      .filter(({ outcome }) => outcome.type === 'acked')
      .map(({ sentAt, answeredAt }) => answeredAt - sentAt)
      .sort((a, b) => a - b);
    const [acked, refused, unknown] = [count('acked'), count('refused'), count('unknown')];
    return { acked, refused, unknown, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
  });
};
