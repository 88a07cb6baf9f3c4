import { jest } from '@jest/globals';
import fc from 'fast-check';
import { USERNAME_MAX, hasMoreCharacters, normaliseUsername, usernameProblem } from './username.ts';

afterEach(() => void jest.restoreAllMocks());

const problemOf = (text: string) => usernameProblem(normaliseUsername(text));

test.each(['', 'a:b', 'a/b', 'a b', '   ', 'a\tb', 'x'.repeat(51), '\u{20000}'.repeat(51), 'a😀', 'a\ud800'])(
  'the username %j is refused',
  (bad) => {
    expect(problemOf(bad)).toBeDefined();
  },
);

test.each([
  'ünï.cødé',
  'a@b+c-d_e',
  '名前',
  'x'.repeat(50),
  '\u{20000}'.repeat(50),
  '.',
  '김철수',
  'नमस्ते',
  'สมชาย',
  'ᚠᛇᚻ',
  'e\u0301'.repeat(50),
])('the username %j is accepted', (good) => {
  expect(problemOf(good)).toBeUndefined();
});

test.each([
  ['U+3164', '\u3164'],
  ['U+115F', '\u115f'],
  ['U+FFA0', '\uffa0'],
  ['U+034F', 'alice\u034f'],
  ['U+FE0F', 'alice\ufe0f'],
  ['U+E0100', 'alice\u{e0100}'],
  ['U+200D', 'alice\u200d'],
  ['U+200C', 'می\u200cخواهم'],
  ['U+00AD', 'ali\u00adce'],
  ['U+202E', '\u202ealice'],
  ['U+E0061', 'alice\u{e0061}'],
  ['U+13441', '\u{13441}'],
  ['U+16FE4', 'alice\u{16fe4}'],
])('a username with %s is refused: it does not show', (codePoint, bad) => {
  expect(problemOf(bad)).toBe(`must not have ${codePoint}, which does not show; take it out`);
});

test.each(['\u0301', '\u0301alice', '\u0903', '\u20dd'])(
  'a username that starts with the mark %j is refused',
  (bad) => {
    expect(problemOf(bad)).toBe('must not start with a combining mark; put a letter before it');
  },
);

test('no username has a default-ignorable code point, whichever it is and wherever it stands', () => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (!/\p{Default_Ignorable_Code_Point}/u.test(character)) continue;
    for (const name of [character, `a${character}`, `a${character}b`])
      expect([code, problemOf(name)]).not.toContain(undefined);
  }
});

test('the length of a name is looked at before it is normalised', () => {
  const normalise = jest.spyOn(String.prototype, 'normalize');
  expect(problemOf(`e${'\u0301'.repeat(32_400)}`)).toBe('must have at most 50 characters');
  expect(normalise).not.toHaveBeenCalled();
});

test('every form of a valid name is accepted, however many code points it has before NFC', () => {
  const letters: string[] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = code >= 0xd800 && code <= 0xdfff ? '' : String.fromCodePoint(code);
    if (problemOf(character) === undefined) letters.push(character.normalize('NFC'));
  }
  const units = (letter: string) => letter.normalize('NFD').length;
  const longest = letters.reduce((most, letter) => Math.max(most, units(letter)), 0);
  for (const letter of letters.filter((one) => units(one) === longest)) {
    const name = letter.repeat(USERNAME_MAX / [...letter].length);
    expect(problemOf(name.normalize('NFD'))).toBeUndefined();
    expect(normaliseUsername(name.normalize('NFD'))).toBe(name);
  }
  const letter = fc.nat(letters.length - 1).map((index) => letters[index]);
  const name = fc.array(letter, { minLength: 1, maxLength: USERNAME_MAX });
  fc.assert(
    fc.property(name, (parts) => {
      const composed = parts.join('').normalize('NFC');
      if (hasMoreCharacters(composed, USERNAME_MAX)) return;
      for (const form of ['NFC', 'NFD'] as const) expect(normaliseUsername(composed.normalize(form))).toBe(composed);
      expect(problemOf(composed.normalize('NFD'))).toBe(problemOf(composed));
    }),
  );
});

test('characters are counted as Unicode code points', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat(30), (text, max) => {
      expect(hasMoreCharacters(text, max)).toBe([...text].length > max);
    }),
  );
});
