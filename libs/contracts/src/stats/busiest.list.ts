/**
 * The busiest names of a stream, in bounded memory: Space-Saving (Metwally et al. 2005). A name that is not in a full list
 * takes the place of the one with the smallest count, and starts from that count. So a count is never too small, and too
 * large by `error` at most. Each name with more than 1 / BUSIEST_KEPT of all records is in the list.
 *
 * The list follows from the records and their order alone, however they are cut into batches: a recount is equal.
 */
export const BUSIEST_KEPT = 64;

/** One name of a list. The order of the list is that in which its places were filled. */
export interface BusyName {
  name: string;
  /** At most so many records had the name. */
  count: number;
  /** At least `count - error` did. 0: the count is exact. */
  error: number;
}

/** The list after some more records, in the order of the log. The given list is not changed. */
export const busierBy = (list: readonly BusyName[], names: Iterable<string>): BusyName[] => {
  const next = list.map((entry) => ({ ...entry }));
  const places = new Map(next.map(({ name }, place) => [name, place]));
  const smallest = new SmallestCount(next);
  for (const name of names) {
    const place = places.get(name);
    if (place !== undefined) next[place]!.count += 1;
    else if (next.length < BUSIEST_KEPT) {
      places.set(name, next.length);
      next.push({ name, count: 1, error: 0 });
    } else {
      const taken = smallest.place();
      const { name: left, count } = next[taken]!;
      places.delete(left);
      places.set(name, taken);
      next[taken] = { name, count: count + 1, error: count };
    }
  }
  return next;
};

/** Finds the first place with the smallest count, so that one list leads to one list. */
class SmallestCount {
  private readonly list: readonly BusyName[];
  private count = -1;
  /** No place before it has the count, because counts only grow. */
  private from = 0;

  constructor(list: readonly BusyName[]) {
    this.list = list;
  }

  /** Of a full list. */
  place(): number {
    for (;;) {
      for (; this.from < this.list.length; this.from += 1)
        if (this.list[this.from]!.count === this.count) return this.from;
      this.count = this.list.reduce((least, { count }) => Math.min(least, count), Infinity);
      this.from = 0;
    }
  }
}

/** A name that no list has occurred at most so often in the list's records: 0 while each name had a place. */
export const unlistedAtMost = (list: readonly BusyName[]): number =>
  list.some(({ error }) => error > 0) ? Math.min(...list.map(({ count }) => count)) : 0;

/** The names of several lists, busiest first; names with equal counts in the order of their characters. */
export const mergeBusiest = (lists: readonly (readonly BusyName[])[]): BusyName[] => {
  const merged = new Map<string, BusyName>();
  for (const { name, count, error } of lists.flat()) {
    const present = merged.get(name);
    merged.set(name, { name, count: count + (present?.count ?? 0), error: error + (present?.error ?? 0) });
  }
  return [...merged.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
};
