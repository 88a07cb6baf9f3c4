import type { Send } from '../checker/observation.ts';

/** What became of the sends that ended in one second, and how long the accepted ones took. */
export interface Second {
  acked: number;
  refused: number;
  unknown: number;
  /** Milliseconds from request to answer of those accepted; undefined where none was. */
  p50: number | undefined;
  p99: number | undefined;
}

/** The value that a share of them does not exceed: the nearest rank. */
const rank = (sorted: number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];

/** Second by second of the workload's clock, from 0 to the last answer; a second without any answer is one of zeros. */
export const secondsOf = (sends: readonly Send[]): Second[] => {
  const bySecond = Map.groupBy(sends, ({ answeredAt }) => Math.floor(answeredAt / 1000));
  const length = sends.length === 0 ? 0 : Math.max(...bySecond.keys()) + 1;
  return Array.from({ length }, (_, second) => {
    const ended = bySecond.get(second) ?? [];
    const count = (type: string): number => ended.filter(({ outcome }) => outcome.type === type).length;
    const took = ended
      .filter(({ outcome }) => outcome.type === 'acked')
      .map(({ sentAt, answeredAt }) => answeredAt - sentAt)
      .sort((a, b) => a - b);
    const [acked, refused, unknown] = [count('acked'), count('refused'), count('unknown')];
    return { acked, refused, unknown, p50: rank(took, 0.5), p99: rank(took, 0.99) };
  });
};
