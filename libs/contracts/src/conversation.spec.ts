import fc from 'fast-check';
import { CONTENT_PATTERN, contentProblem, conversationIdOf } from './conversation.ts';

const name = fc.stringMatching(/^[a-z0-9._@+-]{1,50}$/);

test('a conversation has the same id whoever sends first, and two pairs of names never share an id', () => {
  fc.assert(
    fc.property(name, name, name, name, (a, b, c, d) => {
      expect(conversationIdOf(a, b)).toBe(conversationIdOf(b, a));
      const samePair = (a === c && b === d) || (a === d && b === c);
      expect(conversationIdOf(a, b) === conversationIdOf(c, d)).toBe(samePair);
    }),
  );
});

test('a content of white space only, of 5,001 characters, or with a lone surrogate is refused', () => {
  for (const bad of ['', ' \n\t', 'x'.repeat(5001), 'a\ud800b']) expect(contentProblem(bad)).toBeDefined();
  expect(contentProblem('😀'.repeat(5000))).toBeUndefined();
});

test('the pattern of a content bars exactly what is only white space', () => {
  const pattern = new RegExp(CONTENT_PATTERN, 'u');
  for (let code = 0; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    expect([code, pattern.test(character)]).toEqual([code, character.trim() !== '']);
  }
});
