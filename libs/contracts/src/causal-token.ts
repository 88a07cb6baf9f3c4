/**
 * MongoDB's cluster time as 16 hexadecimal digits: 8 for the seconds, then 8 for the ordinal. Ingest commits it as the
 * note of an offset, where gateways read it; clients get it in a header and must treat it as opaque.
 */
export type CausalToken = string;

/** The seconds are never 0: no MongoDB is that old. */
export const CAUSAL_TOKEN_PATTERN = '^(?!0{8})[0-9a-f]{16}$';
const TOKEN = new RegExp(CAUSAL_TOKEN_PATTERN);

export const isCausalToken = (text: string): boolean => TOKEN.test(text);

export const causalTokenOf = ({ seconds, ordinal }: { seconds: number; ordinal: number }): CausalToken =>
  [seconds, ordinal].map((part) => part.toString(16).padStart(8, '0')).join('');

export const timeOfCausalToken = (token: CausalToken): { seconds: number; ordinal: number } => ({
  seconds: Number.parseInt(token.slice(0, 8), 16),
  ordinal: Number.parseInt(token.slice(8), 16),
});
