import { rotated } from './kafka.client.ts';

test('each address can be the first, so that a hanging broker does not block every client, and no address is lost', () => {
  const brokers = ['a', 'b', 'c'];
  const orders = [0, 0.34, 0.99].map((random) => rotated(brokers, () => random));
  expect(orders).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
  ]);
});
