import { PatchError, patched } from './mutation.ts';
import { PLANTS, plantsNamed } from './mutations.ts';

test('what a patch looks for and is not there once is refused, with the module and the text', () => {
  const patch = { module: 'libs/x/dist/y.js', find: 'w: 1', replace: 'w: 2' };
  expect(patched('{ w: 1 }', patch)).toBe('{ w: 2 }');
  for (const source of ['{}', 'w: 1, w: 1'])
    expect(() => patched(source, patch)).toThrow(/^libs\/x\/dist\/y\.js has [02] times .*:\nw: 1$/);
});

test('a plant that does not exist is refused by name, and each that exists is found by its own', () => {
  expect(() => plantsNamed('acks-one,acks-two')).toThrow(PatchError);
  expect(() => plantsNamed('acks-two')).toThrow(/^there is no plant acks-two; there are /);
  expect(plantsNamed('')).toEqual([]);
  expect(new Set(PLANTS.map(({ name }) => name)).size).toBe(PLANTS.length);
});
