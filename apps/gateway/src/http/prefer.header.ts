/** The longest wait that is granted, in seconds. */
export const MAX_WAIT_S = 30;

/** A preference and its value, up to the next comma outside quotation marks. */
const PREFERENCE = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g;
const NAME = /^\s*wait(?=[\s=;]|$)/i;
const WAIT = /^\s*wait\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;.*)?$/i;

/**
 * Seconds asked for by `Prefer: wait=N` (RFC 7240, section 4.3), at most 30; undefined when none is asked for. A value
 * that is no number is ignored, and of several waits the first counts (section 2). Node joins several headers to one.
 */
export const waitOf = (prefer: string | string[] | undefined): number | undefined => {
  if (prefer === undefined) return undefined;
  const first = ([prefer].flat().join(',').match(PREFERENCE) ?? []).find((preference) => NAME.test(preference));
  const match = first === undefined ? null : WAIT.exec(first);
  return match ? Math.min(Number(match[1] ?? match[2]), MAX_WAIT_S) : undefined;
};
