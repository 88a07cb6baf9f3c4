const FIRST_MS = 500;
const MOST_MS = 15_000;

interface Failure {
  /** How many connections failed since the last look, from 1. */
  failures: number;
  /** What the server asked for: `retry:` of the stream, or Retry-After. */
  askedMs?: number;
  /** From 0 to 1. */
  random: number;
}

/**
 * How long to wait before the next connection: the bound doubles with each failure, and the wait is a random part of it, so
 * that the pages of a gateway that stopped do not come back at once. Never sooner than the server asked for, up to a minute.
 */
export const reconnectDelay = ({ failures, askedMs = 0, random }: Failure): number => {
  const bound = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.min(askedMs, 60_000) + bound * (0.5 + random / 2);
};
