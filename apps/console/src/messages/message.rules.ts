/**
 * The rules of a message, for fields while a person types; the gateway judges again. They are those of libs/contracts
 * (username.ts, conversation.ts), whose index needs Node and Nest. message.rules.spec.ts proves that both say the same.
 */
export const USERNAME_MAX = 50;
export const CONTENT_MAX = 5000;

const LETTERS = /^[\p{Letter}\p{Mark}\p{Number}._@+-]+$/u;
const INVISIBLE = /[\u{16FE4}\u{13441}\u{13442}\p{Default_Ignorable_Code_Point}]/u;
const MARK_FIRST = /^\p{Mark}/u;
/** NFC makes at most four code points into one, and a code point has at most two code units. */
const RAW_MAX = 4 * 2 * USERNAME_MAX;

export const normaliseUsername = (text: string): string => (text.length > RAW_MAX ? text : text.normalize('NFC'));

/** What is wrong with a username; undefined for a valid one. */
export const usernameProblem = (text: string): string | undefined => {
  const name = normaliseUsername(text);
  if (name.length === 0) return 'must not be empty; give 1 to 50 characters';
  if (hasMoreCharacters(name, USERNAME_MAX)) return 'must have at most 50 characters';
  const hidden = INVISIBLE.exec(name)?.[0];
  if (LETTERS.test(name) && !MARK_FIRST.test(name) && hidden === undefined) return undefined;
  if (hidden !== undefined) return `must not have ${codePointOf(hidden)}, which does not show; take it out`;
  if (MARK_FIRST.test(name)) return 'must not start with a combining mark; put a letter before it';
  return 'may contain only letters, digits and . _ @ + -';
};

/** What is wrong with a content; undefined for a valid one. */
export const contentProblem = (content: string): string | undefined => {
  if (content.trim().length === 0) return 'must not be empty or only white space';
  if (hasMoreCharacters(content, CONTENT_MAX)) return 'must have at most 5,000 characters';
  if (!content.isWellFormed()) return 'must be well-formed Unicode; it contains a lone surrogate';
  return undefined;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id as it is stored; undefined for a text that is no UUID. */
export const readMessageId = (text: string): string | undefined => {
  const id = text.trim().toLowerCase();
  return UUID.test(id) ? id : undefined;
};

/** Code points, as the gateway counts them. */
export const charactersOf = (text: string): number => {
  let characters = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) characters += 1;
  return characters;
};

const hasMoreCharacters = (text: string, max: number): boolean => {
  if (text.length <= max) return false;
  return text.length > 2 * max || charactersOf(text) > max;
};

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
