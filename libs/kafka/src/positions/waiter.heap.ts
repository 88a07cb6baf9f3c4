/** Something that waits for an offset. `slot` belongs to the heap that holds it. */
export interface HeapEntry {
  offset: number;
  /** Its index in the heap; -1 while it is in none. */
  slot: number;
}

/**
 * A binary heap with the smallest offset on top. Each entry knows its slot, so taking out any entry costs O(log n), as
 * adding one does: a wait whose time is over leaves nothing behind.
 */
export class WaiterHeap<T extends HeapEntry> {
  private readonly entries: T[] = [];

  get size(): number {
    return this.entries.length;
  }

  get smallest(): T | undefined {
    return this.entries[0];
  }

  add(entry: T): void {
    this.entries.push(entry);
    this.rise(entry, this.entries.length - 1);
  }

  /** Takes an entry out. An entry that is not in this heap is left alone. */
  remove(entry: T): void {
    const { slot } = entry;
    if (slot < 0 || this.entries[slot] !== entry) return;
    entry.slot = -1;
    const last = this.entries.pop() as T;
    if (last === entry) return;
    // The last entry fills the gap. It may be smaller or larger than what is around it.
    this.rise(last, slot);
    this.sink(last, last.slot);
  }

  private rise(entry: T, from: number): void {
    const { entries } = this;
    let slot = from;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = entries[above] as T;
      if (parent.offset <= entry.offset) break;
      this.put(parent, slot);
      slot = above;
    }
    this.put(entry, slot);
  }

  private sink(entry: T, from: number): void {
    const { entries } = this;
    let slot = from;
    for (;;) {
      let below = slot * 2 + 1;
      if (below >= entries.length) break;
      const right = below + 1;
      if (right < entries.length && (entries[right] as T).offset < (entries[below] as T).offset) below = right;
      const child = entries[below] as T;
      if (child.offset >= entry.offset) break;
      this.put(child, slot);
      slot = below;
    }
    this.put(entry, slot);
  }

  private put(entry: T, slot: number): void {
    this.entries[slot] = entry;
    entry.slot = slot;
  }
}
