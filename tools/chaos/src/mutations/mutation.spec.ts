import { MutationError, applyPatch } from './mutation.ts';
import { MUTATIONS, mutationsNamed } from './mutations.ts';

test('a patch whose text does not occur exactly once is refused with the module and the text', () => {
  const patch = { module: 'libs/x/dist/y.js', find: 'w: 1', replace: 'w: 2' };
  expect(applyPatch('{ w: 1 }', patch)).toBe('{ w: 2 }');
  for (const source of ['{}', 'w: 1, w: 1'])
    expect(() => applyPatch(source, patch)).toThrow(/^libs\/x\/dist\/y\.js contains .* [02] times .*:\nw: 1$/);
});

test('an unknown mutation is refused by its name, and all known mutations have different names', () => {
  expect(() => mutationsNamed('acks-one,acks-two')).toThrow(MutationError);
  expect(() => mutationsNamed('acks-two')).toThrow(/^there is no mutation acks-two; there are /);
  expect(mutationsNamed('')).toEqual([]);
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
});
