import { turnsOf } from './kafka.client.ts';

test('each address can be the first, so that a hanging broker does not block every client, and no address is lost', async () => {
  const brokers = ['a', 'b', 'c'];
  const orders = await Promise.all([0, 0.34, 0.99].map((random) => turnsOf(brokers, () => random)()));
  expect(orders).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['c', 'a', 'b'],
  ]);
});

test('connections that are made one after the other begin at different brokers', async () => {
  const turn = turnsOf(['a', 'b', 'c'], () => 0.5);
  const first = [(await turn())[0], (await turn())[0], (await turn())[0], (await turn())[0]];
  expect(first).toEqual(['b', 'c', 'a', 'b']);
});
