const RESTART = { baseMs: 300, capMs: 5000, stableMs: 20_000 };
/** After this many exits in a row, a start that waits for the process fails. */
export const EXITS_UNTIL_FAILURE = 3;

/** A process that ran for 20 s was up: its next exit counts as the first. */
export const failuresAfter = (failures: number, livedMs: number): number =>
  livedMs > RESTART.stableMs ? 1 : failures + 1;

/** Exponential backoff in milliseconds, with jitter, so that processes that died together do not start together. */
export const restartDelayMs = (failures: number, random = Math.random): number =>
  (0.5 + random() / 2) * Math.min(RESTART.capMs, RESTART.baseMs * 2 ** (failures - 1));
