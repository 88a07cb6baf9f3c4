import fc from 'fast-check';
import { WaiterHeap, type HeapEntry } from './waiter.heap.ts';

const entry = (offset: number): HeapEntry => ({ offset, slot: -1 });

test('for any adding and removing, the smallest of what is left is on top', () => {
  const step = fc.oneof(fc.record({ add: fc.nat(20) }), fc.record({ remove: fc.nat() }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new WaiterHeap();
      const held: HeapEntry[] = [];
      for (const one of steps) {
        if ('add' in one) {
          const added = entry(one.add);
          heap.add(added);
          held.push(added);
        } else if (held.length > 0) {
          const [removed] = held.splice(one.remove % held.length, 1);
          heap.remove(removed!);
          expect(removed!.slot).toBe(-1);
        }
        expect(heap.size).toBe(held.length);
        expect(heap.smallest?.offset).toBe(held.length > 0 ? Math.min(...held.map(({ offset }) => offset)) : undefined);
      }
    }),
  );
});

test('an entry of another heap, or of none, is left alone', () => {
  const heap = new WaiterHeap();
  const other = new WaiterHeap();
  const [own, foreign] = [entry(1), entry(2)];
  heap.add(own);
  other.add(foreign);
  heap.remove(foreign);
  heap.remove(entry(3));
  expect([heap.size, other.size, foreign.slot]).toEqual([1, 1, 0]);
});

test('adding and taking out 20,000 entries compares each with no more than 60 others', () => {
  let comparisons = 0;
  const counted = (offset: number): HeapEntry => ({
    get offset() {
      comparisons += 1;
      return offset;
    },
    slot: -1,
  });
  const heap = new WaiterHeap();
  const count = 20_000;
  // From above to below: each entry rises to the top.
  const entries = Array.from({ length: count }, (_, index) => counted(count - index));
  for (const one of entries) heap.add(one);
  for (let index = 0; index < count; index += 2) heap.remove(entries[index]!);
  while (heap.smallest) heap.remove(heap.smallest);
  expect(comparisons).toBeLessThan(count * 120);
});
