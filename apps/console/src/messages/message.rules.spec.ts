import * as contracts from '@wiber/contracts';
import fc from 'fast-check';
import { contentProblem, normaliseUsername, readMessageId, usernameProblem } from './message.rules.ts';

/** Characters at which the rules part: marks, what does not show, separators, astral letters, lone surrogates. */
const ODD = [
  '\u0301',
  '\u200D',
  '\u3164',
  '\u{13441}',
  ':',
  '/',
  ' ',
  '\uFEFF',
  '\u0085',
  '𝒜',
  '\uD800',
  'e\u0301',
  '-',
];
const text = (maxLength: number) =>
  fc.array(
    fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 2 }), fc.constantFrom('a', 'é', '7')),
    {
      maxLength,
    },
  );

describe('the rules of a message', () => {
  it('refuse the same usernames as the gateway, with the same words', () => {
    fc.assert(
      fc.property(text(70), (parts) => {
        const name = parts.join('');
        expect(usernameProblem(name)).toBe(contracts.usernameProblem(contracts.normaliseUsername(name)));
        expect(normaliseUsername(name)).toBe(contracts.normaliseUsername(name));
      }),
      { numRuns: 3000 },
    );
  });

  it('refuse the same contents as the gateway, with the same words', () => {
    fc.assert(
      fc.property(text(10), fc.constantFrom(1, 500), (parts, times) => {
        const content = parts.join('').repeat(times);
        expect(contentProblem(content)).toBe(contracts.contentProblem(content));
      }),
      { numRuns: 300 },
    );
    for (const content of ['a'.repeat(5000), '𝒜'.repeat(5000), '𝒜'.repeat(5001)])
      expect(contentProblem(content)).toBe(contracts.contentProblem(content));
  });

  it('read a message id in any case and with blanks around it', () => {
    expect(readMessageId(' 0199C2A4-6F3E-7B1A-9D4C-3F2A1B0C9D8E\n')).toBe('0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e');
    expect(readMessageId('0199c2a4')).toBeUndefined();
  });
});
