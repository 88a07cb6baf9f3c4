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

const LETTERS = '^[\\p{Letter}\\p{Mark}\\p{Number}._@+-]+$';
const BARRED = `^\\p{Mark}|[${INVISIBLE}]`;

/**
 * The rule of usernames in NFC, as JSON Schema says it. Patterns are those of ECMA-262 with the flag u. The first
 * alternative is a part of the second: tools that know no properties of Unicode make their examples from it.
 */
export const USERNAME_SCHEMA = {
  minLength: 1,
  maxLength: USERNAME_MAX,
  // Each with its type: Swagger leaves out the type beside anyOf, and a number has no pattern to break.
  anyOf: [
    { type: 'string', pattern: '^[0-9A-Za-z._@+-]+$' },
    { type: 'string', pattern: LETTERS },
  ],
  not: { type: 'string', pattern: BARRED },
};

const letters = new RegExp(LETTERS, 'u');
const barred = new RegExp(BARRED, 'u');
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
  if (letters.test(name) && !barred.test(name)) return undefined;
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
