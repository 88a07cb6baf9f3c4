import { readQuery, type RawQuery } from '../http/query.fields.ts';

/** Looks of one stream that says how many it wants. */
export const LOOKS_MAX = 86_400;

/** How many looks are asked for; undefined: without an end. @throws ProblemError invalid_request */
export const readStreamQuery = (raw: RawQuery): number | undefined =>
  readQuery(raw, ['looks'], (query) => query.whole('looks', { from: 1, to: LOOKS_MAX, otherwise: undefined }));
