import { hasMoreCharacters } from './username.ts';

/**
 * The identity of a conversation and the Kafka key of its messages: both usernames (NFC), sorted by code unit and
 * joined with `:`. A username cannot contain `:`, so the pairs (`a:b`, `c`) and (`a`, `b:c`) cannot share an id.
 */
export const conversationIdOf = (user1: string, user2: string): string =>
  user1 < user2 ? `${user1}:${user2}` : `${user2}:${user1}`;

export const CONTENT_MAX = 5000;
/**
 * One character that is no white space, as `trim` sees it. Written out: engines of regular expressions differ on \s, for
 * example on U+FEFF and U+0085.
 */
export const CONTENT_PATTERN =
  '[^\\t\\n\\v\\f\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]';
export const BODY_MAX_BYTES = 64 * 1024;

/**
 * What is wrong with a content; undefined for a valid one. UTF-8 cannot encode a lone surrogate, so it could not be
 * stored.
 */
export const contentProblem = (content: string): string | undefined => {
  if (content.trim().length === 0) return 'must not be empty or only white space';
  if (hasMoreCharacters(content, CONTENT_MAX)) return 'must have at most 5,000 characters';
  if (!content.isWellFormed()) return 'must be well-formed Unicode; it contains a lone surrogate';
  return undefined;
};
