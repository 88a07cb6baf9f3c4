export interface GatherPolicy {
  type: 'gather';
  /** The size of what is handed on together, unless a single item is larger. */
  maxSize: number;
  /** Sets that may be under way at once. */
  concurrency: number;
}

export interface GatherPorts<Item, Outcome> {
  sizeOf: (item: Item) => number;
  work: (items: Item[]) => Promise<Outcome>;
}

interface Waiting<Item, Outcome> {
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit on the store's side: what the partitions of one fetch ask for comes in together and is done as one: one
 * write, one commit of offsets. A fetch brings a batch of each partition; under a steady load these are small, and a
 * write and a commit for each costs more than their records. Large ones, of a backlog, go apart and side by side.
 */
export class Gatherer<Item, Outcome> {
  private readonly policy: GatherPolicy;
  private readonly ports: GatherPorts<Item, Outcome>;
  private waiting: Waiting<Item, Outcome>[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(policy: GatherPolicy, ports: GatherPorts<Item, Outcome>) {
    this.policy = policy;
    this.ports = ports;
  }

  /** Settles as the work does on the set that this item is handed on with. */
  submit(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** A macrotask: what one fetch brought is submitted in one turn of the event loop. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.waiting.length > 0 && this.underWay < this.policy.concurrency) {
      const set = this.takeSet();
      this.underWay += 1;
      void this.run(set);
    }
  }

  private takeSet(): Waiting<Item, Outcome>[] {
    let size = 0;
    let count = 0;
    for (const { item } of this.waiting) {
      size += this.ports.sizeOf(item);
      if (count > 0 && size > this.policy.maxSize) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(set: Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcome = await this.ports.work(set.map(({ item }) => item));
      for (const { resolve } of set) resolve(outcome);
    } catch (error) {
      for (const { reject } of set) reject(error);
    } finally {
      this.underWay -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}
