/**
 * The identity of a conversation and the Kafka key of its messages: both usernames (NFC), sorted by code unit and
 * joined with `:`. A username cannot contain `:`, so the pairs (`a:b`, `c`) and (`a`, `b:c`) cannot share an id.
 */
export const conversationIdOf = (user1: string, user2: string): string =>
  user1 < user2 ? `${user1}:${user2}` : `${user2}:${user1}`;

export const USERNAME_MAX = 50;
export const USERNAME_PATTERN = '^[\\p{L}\\p{M}\\p{N}._@+-]+$';
export const CONTENT_MAX = 5000;
export const BODY_MAX_BYTES = 64 * 1024;

const username = new RegExp(USERNAME_PATTERN, 'u');

/**
 * What is wrong with a username that is already NFC; undefined for a valid one. Its length counts Unicode code points.
 */
export const usernameProblem = (name: string): string | undefined => {
  if (name.length === 0) return 'must not be empty; give 1 to 50 characters';
  if (name.length > USERNAME_MAX && [...name].length > USERNAME_MAX) return 'must have at most 50 characters';
  if (!username.test(name)) return 'may contain only letters, digits and . _ @ + -';
  return undefined;
};

/**
 * What is wrong with a content; undefined for a valid one. UTF-8 cannot encode a lone surrogate, so it could not be
 * stored.
 */
export const contentProblem = (content: string): string | undefined => {
  if (content.trim().length === 0) return 'must not be empty or only white space';
  if (content.length > CONTENT_MAX && [...content].length > CONTENT_MAX) return 'must have at most 5,000 characters';
  if (!content.isWellFormed()) return 'must be well-formed Unicode; it contains a lone surrogate';
  return undefined;
};
