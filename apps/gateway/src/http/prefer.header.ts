/** The longest wait that is granted, in seconds. */
export const MAX_WAIT_S = 30;

/** Seconds asked for by `Prefer: wait=N` (RFC 7240, section 4.3), at most 30; undefined when none is asked for. */
export const waitOf = (prefer: string | string[] | undefined): number | undefined => {
  if (prefer === undefined) return undefined;
  for (const preference of [prefer].flat().join(',').split(',')) {
    const match = /^\s*wait\s*=\s*"?(\d{1,6})"?\s*(;.*)?$/i.exec(preference);
    if (match) return Math.min(Number(match[1]), MAX_WAIT_S);
  }
  return undefined;
};
