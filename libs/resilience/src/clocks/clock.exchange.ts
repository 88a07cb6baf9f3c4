/** How far a clock is ahead of another one: the true offset is within `offsetMs` ± `uncertaintyMs`. */
export interface ClockOffset {
  /** In milliseconds; negative when the clock is behind. */
  offsetMs: number;
  uncertaintyMs: number;
}

/** One question to a server that answers with its clock. */
export interface ClockExchange {
  /** By the wall clock of the asking process, before it asked, in milliseconds. */
  askedAt: number;
  /** By the wall clock of the server, in milliseconds. */
  serverTime: number;
  /** From the question to the answer, by a monotonic clock, in milliseconds. */
  roundTripMs: number;
}

/** A wall clock of whole milliseconds cuts up to one, at each end. */
const ROUNDING_MS = 1;

/**
 * How far the server's clock is ahead of the asking process's. The server read its clock at some time of the round trip, so
 * half of the round trip is the uncertainty: F. Cristian, Probabilistic clock synchronization, 1989. The wall clock is
 * read once, so a step of it between question and answer makes no error.
 */
export const offsetOf = ({ askedAt, serverTime, roundTripMs }: ClockExchange): ClockOffset => ({
  offsetMs: serverTime - askedAt - roundTripMs / 2,
  uncertaintyMs: roundTripMs / 2 + ROUNDING_MS,
});

/** Of several exchanges, the offset of the one with the shortest round trip, whose uncertainty is least. */
export const bestOffsetOf = (exchanges: readonly ClockExchange[]): ClockOffset | undefined => {
  const [first, ...others] = exchanges;
  if (!first) return undefined;
  return offsetOf(others.reduce((best, one) => (one.roundTripMs < best.roundTripMs ? one : best), first));
};
