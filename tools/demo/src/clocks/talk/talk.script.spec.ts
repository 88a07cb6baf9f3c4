import fc from 'fast-check';
import { scriptOf, sizeOf } from './talk.script.ts';

test('every talk has as many messages as were asked for, begins with a question of Alice that Bob answers, and has messages that cross', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 4, max: 100 }), (seed, messages) => {
      const script = scriptOf({ seed, messages });
      expect(script.reduce((sum, turn) => sum + sizeOf(turn), 0)).toBe(messages);
      expect(script.slice(0, 3)).toMatchObject([
        { type: 'say', by: 'alice' },
        { type: 'say', by: 'bob' },
        { type: 'cross' },
      ]);
    }),
    { numRuns: 500 },
  );
});

test('the same seed gives the same talk, another seed another one', () => {
  expect(scriptOf({ seed: 7, messages: 20 })).toEqual(scriptOf({ seed: 7, messages: 20 }));
  expect(scriptOf({ seed: 7, messages: 20 })).not.toEqual(scriptOf({ seed: 8, messages: 20 }));
});
