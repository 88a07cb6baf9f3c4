/** The largest number of characters (code points) of a username in NFC. */
export const USERNAME_MAX = 50;

/**
 * NFC makes at most four code points into one, and a code point has at most two code units: a longer text is no username
 * in any form.
 */
const RAW_MAX = 4 * 2 * USERNAME_MAX;

/**
 * What has no form of its own on a screen: the default-ignorable code points of Unicode (UAX 44), and three blanks that
 * are letters or marks to Unicode without being default-ignorable (hieroglyph full and half blank, Khitan filler).
 */
const INVISIBLE = '\\u{16FE4}\\u{13441}\\u{13442}\\p{Default_Ignorable_Code_Point}';

/**
 * The rule of usernames in NFC, as JSON Schema says it. Patterns are those of ECMA-262 with the flag u. No letter, mark or
 * digit is unassigned (`Cn`); that is said for tools that replace `\p{M}` by whole blocks of Unicode.
 */
export const USERNAME_SCHEMA = {
  minLength: 1,
  maxLength: USERNAME_MAX,
  pattern: '^[\\p{L}\\p{M}\\p{N}._@+-]+$',
  // With its type: a number has no pattern to break, so it would be told to be a barred name.
  not: { type: 'string', pattern: `^\\p{M}|[\\p{Cn}${INVISIBLE}]` },
} as const;

const allowed = new RegExp(USERNAME_SCHEMA.pattern, 'u');
const barred = new RegExp(USERNAME_SCHEMA.not.pattern, 'u');
const invisible = new RegExp(`[${INVISIBLE}]`, 'u');

/**
 * The NFC form of a username. A text that is too long for one in any form is returned as it is: NFC would take a time that
 * grows faster than the text, and `usernameProblem` refuses it by its length.
 */
export const normaliseUsername = (text: string): string => (text.length > RAW_MAX ? text : text.normalize('NFC'));

/**
 * What is wrong with a username that is already NFC; undefined for a valid one. Bodies, paths, queries and records are
 * all judged by this rule. Look-alikes and case are not its business: docs/reference.md, "Usernames".
 */
export const usernameProblem = (name: string): string | undefined => {
  if (name.length === 0) return 'must not be empty; give 1 to 50 characters';
  if (hasMoreCharacters(name, USERNAME_MAX)) return 'must have at most 50 characters';
  if (allowed.test(name) && !barred.test(name)) return undefined;
  const hidden = invisible.exec(name)?.[0];
  if (hidden !== undefined) return `must not have ${codePointOf(hidden)}, which does not show; take it out`;
  if (/^\p{M}/u.test(name)) return 'must not start with a combining mark; put a letter before it';
  return 'may contain only letters, digits and . _ @ + -';
};

/** True when a text has more than `max` code points. It looks at no more than the text could have of them. */
export const hasMoreCharacters = (text: string, max: number): boolean => {
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  let characters = 0;
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) characters += 1;
  return characters > max;
};

/** As Unicode writes it: U+034F. */
const codePointOf = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
