import { startingAnywhere } from './kafka.client.ts';

test('every address comes first at some time, so that one that hangs keeps nobody from the others, and none is left out', () => {
  const brokers = ['a', 'b', 'c'];
  const orders = [0, 0.34, 0.99].map((random) => startingAnywhere(brokers, () => random));
  expect(orders).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
  ]);
});
