/** Milliseconds that never go back; only differences have a meaning. For durations and deadlines. */
export type MonotonicClock = () => number;

/** The wall clock is set by NTP and by people: a deadline on it may end early or never. */
export const monotonicNow: MonotonicClock = () => performance.now();
