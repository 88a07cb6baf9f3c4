import { verdictOf, type ForcedTakeover, type RunEvidence, type Verdict } from './run.evidence.ts';

/** How long nobody led, in milliseconds. */
export interface LeaderlessRow {
  kind: string;
  takeovers: number;
  p50: number;
  p99: number;
  max: number;
}

/** The bounds, in milliseconds: half of all takeovers, and all but one in a hundred, take at most so long. */
export const boundsOf = (ttlMs: number) => ({ p50: 1.5 * ttlMs, p99: ttlMs + 2000 });

export const ALL_KINDS = 'all';

/** The smallest value that at least this share of all values does not exceed. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity;

const rowOf = (kind: string, takeovers: readonly ForcedTakeover[]): LeaderlessRow => {
  const sorted = takeovers.map(({ to, leaderlessMs }) => (to ? leaderlessMs : Infinity)).sort((a, b) => a - b);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(sorted, share)) as [number, number, number];
  return { kind, takeovers: takeovers.length, p50, p99, max };
};

/** A row for each kind, and one for all. */
export const leaderlessRows = ({ takeovers }: Pick<RunEvidence, 'takeovers'>): LeaderlessRow[] => {
  const byKind = Map.groupBy(takeovers, ({ kind }) => kind);
  return [...[...byKind].map(([kind, some]) => rowOf(kind, some)), rowOf(ALL_KINDS, takeovers)];
};

/** Each kind apart keeps both bounds, so that a fast kind can't hide a slow one. */
export const shortlyLeaderless = (evidence: RunEvidence): Verdict => {
  const bounds = boundsOf(evidence.ttlMs);
  const broken = leaderlessRows(evidence).flatMap((row) =>
    (['p50', 'p99'] as const)
      .filter((name) => row[name] > bounds[name])
      .map((name) => `${row.kind}: ${name} is ${Math.round(row[name])} ms, the bound is ${bounds[name]} ms`),
  );
  return verdictOf('the time without a leader is short', evidence.takeovers.length, broken);
};
