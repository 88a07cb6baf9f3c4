/**
 * A moment in the store's history: MongoDB's cluster time as 16 hexadecimal digits, seconds before ordinal. It goes with a committed offset from ingest to the gateways and in a header to
 * clients, for whom it is opaque.
 */
export type CausalToken = string;

/** Seconds of 0 are before any MongoDB. */
export const CAUSAL_TOKEN_PATTERN = '^(?!0{8})[0-9a-f]{16}$';
const TOKEN = new RegExp(CAUSAL_TOKEN_PATTERN);

export const isCausalToken = (text: string): boolean => TOKEN.test(text);

export const causalTokenOf = ({ seconds, ordinal }: { seconds: number; ordinal: number }): CausalToken =>
  [seconds, ordinal].map((part) => part.toString(16).padStart(8, '0')).join('');

export const timeOfCausalToken = (token: CausalToken): { seconds: number; ordinal: number } => ({
  seconds: Number.parseInt(token.slice(0, 8), 16),
  ordinal: Number.parseInt(token.slice(8), 16),
});
