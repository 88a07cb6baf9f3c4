/**
 * `connecting`: no look has come yet. `live`: the last look is fresh. `stale`: it is older than 3 seconds. `lost`: it is older
 * than 15 seconds, or none came and the gateway does not answer.
 */
export type Freshness = 'connecting' | 'live' | 'stale' | 'lost';

export const STALE_AFTER_MS = 3000;
export const LOST_AFTER_MS = 15_000;

interface Signs {
  /** Milliseconds since the last look came, by the page's monotonic clock. */
  ageMs?: number;
  /** Connections that failed since the last look. */
  failures: number;
}

export const freshnessOf = ({ ageMs, failures }: Signs): Freshness => {
  if (ageMs === undefined) return failures > 0 ? 'lost' : 'connecting';
  if (ageMs < STALE_AFTER_MS) return 'live';
  return ageMs < LOST_AFTER_MS ? 'stale' : 'lost';
};
