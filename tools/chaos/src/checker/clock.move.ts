/** A time in which a fault made the wall clock of a process wrong. Milliseconds; `from` and `to` since the epoch, by a right clock. */
export interface ClockMove {
  /** kafka-1, mongo-1, gateway-1, … */
  process: string;
  from: number;
  /** Infinity while it lasts. */
  to: number;
  /** How far the clock was behind at most, or ahead at least: the smallest offset. */
  lowMs: number;
  /** The largest offset. */
  highMs: number;
}

/** Milliseconds since the epoch, by a right clock; both included. */
export interface TimeRange {
  earliest: number;
  latest: number;
}

/** Any time: where it is not known when the run began and ended. */
const ALWAYS: TimeRange = { earliest: -Infinity, latest: Infinity };

/**
 * When a clock of these may have shown a time: just then, if it was right, or while a fault had moved it there.
 * @param run no time outside of it was shown by a right clock
 */
export const momentsOf = (shown: number, moves: readonly ClockMove[], run = ALWAYS): TimeRange[] => [
  ...(shown >= run.earliest && shown <= run.latest ? [{ earliest: shown, latest: shown }] : []),
  ...moves.flatMap(({ from, to, lowMs, highMs }) => {
    const earliest = Math.max(from, shown - highMs);
    const latest = Math.min(to, shown - lowMs);
    return earliest <= latest ? [{ earliest, latest }] : [];
  }),
];

/** From the first moment at which a clock of these may have shown a time to the last one. No fault explains a time of no moment. */
export const rangeOf = (shown: number, moves: readonly ClockMove[], run = ALWAYS): TimeRange => {
  const moments = momentsOf(shown, moves, run);
  if (moments.length === 0) return { earliest: shown, latest: shown };
  return {
    earliest: Math.min(...moments.map(({ earliest }) => earliest)),
    latest: Math.max(...moments.map(({ latest }) => latest)),
  };
};
