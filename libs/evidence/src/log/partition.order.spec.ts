import { inOrder } from './partition.order.ts';

test('entries of partitions are put in order, and one that is missing is refused, for those behind it would be taken for others', () => {
  const [zero, one, two] = [0, 1, 2].map((partition) => ({ partition }));
  expect(inOrder([two!, zero!, one!])).toEqual([zero, one, two]);
  expect(inOrder([])).toEqual([]);
  expect(() => inOrder([two!, zero!])).toThrow('Kafka says nothing of partition 1');
});
