import type { SeenLeader, TrailWrite, WindowFigures } from '@wiber/evidence';

/** A takeover that was forced. */
export interface ForcedTakeover {
  kind: string;
  leader: string;
  from: SeenLeader;
  /** Undefined: nobody took over in time. */
  to?: SeenLeader;
  /** From just before the fault until a majority shows another term, in milliseconds of a monotonic clock. */
  leaderlessMs: number;
}

/** All that a run left behind. */
export interface RunEvidence {
  ttlMs: number;
  /** How many takeovers the schedule has. */
  planned: number;
  takeovers: readonly ForcedTakeover[];
  /** Why not all of them were forced. */
  stoppedBy?: string;
  trail: readonly TrailWrite[];
  windows: { shown: readonly WindowFigures[]; recount: readonly WindowFigures[] };
  /** Why the workers have not counted everything; undefined when they have. */
  unsettled?: string;
}

/** A promise, in how many places it was looked at, and where it was broken. */
export interface Verdict {
  promise: string;
  looked: number;
  /** The first places, as sentences. */
  broken: readonly string[];
  brokenCount: number;
}

const WITNESSES_MAX = 5;

/** A promise that was looked at nowhere proves nothing, so it is broken. */
export const verdictOf = (promise: string, looked: number, broken: readonly string[]): Verdict => {
  const found = looked === 0 ? ['there was nothing to look at', ...broken] : broken;
  return { promise, looked, broken: found.slice(0, WITNESSES_MAX), brokenCount: found.length };
};
