import fc from 'fast-check';
import { BUSIEST_KEPT, busierBy, mergeBusiest, unlistedAtMost, type BusyName } from './busiest.list.ts';

const records = fc.array(
  fc.nat(3 * BUSIEST_KEPT).map((index) => `name${index}`),
  { maxLength: 600 },
);

const countsOf = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

test('the list is the same, however the records are cut into batches', () => {
  fc.assert(
    fc.property(records, fc.array(fc.nat(50)), (names, cuts) => {
      let list = busierBy([], []);
      let from = 0;
      for (const length of cuts) list = busierBy(list, names.slice(from, (from += length)));
      expect(busierBy(list, names.slice(from))).toEqual(busierBy([], names));
    }),
  );
});

/** The list by its rule, word for word: of several smallest counts the first place is taken. */
const listByTheRule = (names: readonly string[]): BusyName[] => {
  const list: BusyName[] = [];
  for (const name of names) {
    const present = list.findIndex((entry) => entry.name === name);
    const counts = list.map(({ count }) => count);
    const smallest = Math.min(...counts);
    if (present >= 0) list[present]!.count += 1;
    else if (list.length < BUSIEST_KEPT) list.push({ name, count: 1, error: 0 });
    else list[counts.indexOf(smallest)] = { name, count: smallest + 1, error: smallest };
  }
  return list;
};

test('the name that leaves a full list is the first of those with the smallest count, so every version writes one list', () => {
  fc.assert(
    fc.property(records, fc.nat(300), (names, cut) => {
      const list = busierBy(busierBy([], names.slice(0, cut)), names.slice(cut));
      expect(list).toEqual(listByTheRule(names));
    }),
  );
});

test('a count is never too small, too large by its error at most, and a name without a place has no more than the smallest', () => {
  fc.assert(
    fc.property(records, (names) => {
      const list = busierBy([], names);
      const counts = countsOf(names);
      expect(list.length).toBe(Math.min(BUSIEST_KEPT, counts.size));
      for (const { name, count, error } of list) {
        expect(count).toBeGreaterThanOrEqual(counts.get(name)!);
        expect(count - error).toBeLessThanOrEqual(counts.get(name)!);
        counts.delete(name);
      }
      for (const count of counts.values()) expect(count).toBeLessThanOrEqual(unlistedAtMost(list));
    }),
  );
});

test('up to the number of places every count is exact', () => {
  const names = Array.from({ length: BUSIEST_KEPT * 5 }, (_, index) => `name${index % BUSIEST_KEPT}`);
  const list = busierBy([], names);
  expect(list.map(({ count, error }) => [count, error])).toEqual(Array.from({ length: BUSIEST_KEPT }, () => [5, 0]));
  expect(unlistedAtMost(list)).toBe(0);
});

test('a name with more than its share of the records is in the list, wherever they are', () => {
  fc.assert(
    fc.property(records, fc.infiniteStream(fc.nat()), (names, places) => {
      const all = [...names];
      const often = Math.floor(names.length / (BUSIEST_KEPT - 1)) + 2;
      for (let time = 0; time < often; time += 1) all.splice(places.next().value! % (all.length + 1), 0, 'busy');
      expect(busierBy([], all).map(({ name }) => name)).toContain('busy');
    }),
  );
});

test('lists of several partitions are shown together, busiest first', () => {
  const [one, other] = [busierBy([], ['a', 'a', 'b', 'c', 'c', 'c']), busierBy([], ['b', 'd'])];
  expect(mergeBusiest([one, other])).toEqual([
    { name: 'c', count: 3, error: 0 },
    { name: 'a', count: 2, error: 0 },
    { name: 'b', count: 2, error: 0 },
    { name: 'd', count: 1, error: 0 },
  ]);
});

test('a list is not changed by what comes after it', () => {
  const list = busierBy([], ['a']);
  busierBy(list, ['a', 'b']);
  expect(list).toEqual([{ name: 'a', count: 1, error: 0 }]);
});
