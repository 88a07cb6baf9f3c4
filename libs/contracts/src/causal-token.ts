import { LAMPORT_MAX } from './lamport.ts';

/**
 * MongoDB's cluster time as 16 hexadecimal digits: 8 for the seconds, then 8 for the ordinal. Ingest commits it as the
 * note of an offset, where gateways read it; clients get it in a header and must treat it as opaque.
 */
export type CausalToken = string;

/** The seconds are never 0: no MongoDB is that old. */
const TOKEN = /^(?!0{8})[0-9a-f]{16}$/;

export const isCausalToken = (text: string): boolean => TOKEN.test(text);

export const causalTokenOf = ({ seconds, ordinal }: { seconds: number; ordinal: number }): CausalToken =>
  [seconds, ordinal].map((part) => part.toString(16).padStart(8, '0')).join('');

/**
 * What an answer shows, as clients get it in a header and give it back: a CausalToken, and behind a hyphen in hexadecimal
 * digits the Lamport time of the newest message that the client may have seen, up to LAMPORT_MAX. Tokens of earlier versions
 * have no such time.
 */
export const SEEN_TOKEN_PATTERN = '^(?!0{8})[0-9a-f]{16}(-(0|[1-9a-f][0-9a-f]{0,12}|10000000000000))?$';
const SEEN = new RegExp(SEEN_TOKEN_PATTERN);
const TOKEN_LENGTH = 16;

export interface Seen {
  time: CausalToken;
  /** 0 where the token has none. */
  lamport: number;
}

/** A gateway whose clock came to LAMPORT_MAX goes on behind it. Its tokens tell LAMPORT_MAX, or no gateway would read them. */
export const seenTokenOf = ({ time, lamport }: Seen): string =>
  `${time}-${Math.min(lamport, LAMPORT_MAX).toString(16)}`;

/** Undefined for a text that is no token. */
export const readSeenToken = (text: string): Seen | undefined => {
  if (!SEEN.test(text)) return undefined;
  const lamport = text.length > TOKEN_LENGTH ? Number.parseInt(text.slice(TOKEN_LENGTH + 1), 16) : 0;
  return { time: text.slice(0, TOKEN_LENGTH), lamport };
};

export const timeOfCausalToken = (token: CausalToken): { seconds: number; ordinal: number } => ({
  seconds: Number.parseInt(token.slice(0, 8), 16),
  ordinal: Number.parseInt(token.slice(8), 16),
});
