/**
 * The Kafka key and the identity of a conversation: both usernames, NFC, sorted by code unit, joined with `:`.
 * Usernames cannot hold `:`, so `a:b`+`c` never meets `a`+`b:c`.
 */
export const conversationIdOf = (user1: string, user2: string): string =>
  user1 < user2 ? `${user1}:${user2}` : `${user2}:${user1}`;

export const USERNAME_MAX = 50;
export const USERNAME_PATTERN = '^[\\p{L}\\p{M}\\p{N}._@+-]+$';
export const CONTENT_MAX = 5000;
export const BODY_MAX_BYTES = 64 * 1024;

const username = new RegExp(USERNAME_PATTERN, 'u');

/** Says what is wrong with a username (already NFC), or undefined when nothing is. Length is in Unicode code points. */
export const usernameProblem = (name: string): string | undefined => {
  if (name.length === 0) return 'must not be empty; give 1 to 50 characters';
  if (name.length > USERNAME_MAX && [...name].length > USERNAME_MAX) return 'must have at most 50 characters';
  if (!username.test(name)) return 'may hold only letters, digits and . _ @ + -';
  return undefined;
};

/** Says what is wrong with a content, or undefined. A lone surrogate has no UTF-8 form and so cannot be stored as it is. */
export const contentProblem = (content: string): string | undefined => {
  if (content.trim().length === 0) return 'must not be empty or only white space';
  if (content.length > CONTENT_MAX && [...content].length > CONTENT_MAX) return 'must have at most 5,000 characters';
  if (!content.isWellFormed()) return 'must be well-formed Unicode; it holds a lone surrogate';
  return undefined;
};
