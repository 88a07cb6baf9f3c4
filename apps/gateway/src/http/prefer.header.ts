/** The longest wait that is granted, in seconds. */
export const MAX_WAIT_S = 30;

/** A preference and its value, up to the next comma outside quotation marks. */
const PREFERENCE = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g;
const NAME = /^\s*wait(?=[\s=;]|$)/i;
const WAIT = /^\s*wait\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;.*)?$/i;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240, section 4.3), at most 30; undefined when the client asks for no wait. A value
 * that is not a number is ignored. Of several waits the first counts (section 2).
 */
export const readWait = (prefer: string | string[] | undefined): number | undefined => {
  if (prefer === undefined) return undefined;
  const preferences = [prefer].flat().join(',').match(PREFERENCE) ?? [];
  const first = preferences.find((preference) => NAME.test(preference));
  const match = first === undefined ? null : WAIT.exec(first);
  return match ? Math.min(Number(match[1] ?? match[2]), MAX_WAIT_S) : undefined;
};
