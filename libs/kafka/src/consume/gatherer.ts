import { oncePerTurn } from '@wiber/resilience';

export interface GatherPolicy {
  type: 'gather';
  /** The largest total size of one group. A single larger item makes a group of its own. */
  maxSize: number;
  /** How many groups may be worked on at once. */
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
 * Group commit for the consumer: items that are submitted in one turn of the event loop are worked on together.
 *
 * A fetch brings one batch for each partition. Under a steady load these batches are small, and a write and a commit
 * for each cost more than their records. The large batches of a backlog make groups of their own, which run side by
 * side.
 */
export class Gatherer<Item, Outcome> {
  private readonly policy: GatherPolicy;
  private readonly ports: GatherPorts<Item, Outcome>;
  private waiting: Waiting<Item, Outcome>[] = [];
  private running = 0;
  private readonly schedule = oncePerTurn(() => this.startGroups());

  constructor(policy: GatherPolicy, ports: GatherPorts<Item, Outcome>) {
    this.policy = policy;
    this.ports = ports;
  }

  /** Settles as the work on the item's group does. */
  submit(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private startGroups(): void {
    while (this.waiting.length > 0 && this.running < this.policy.concurrency) {
      const group = this.takeGroup();
      this.running += 1;
      void this.run(group);
    }
  }

  private takeGroup(): Waiting<Item, Outcome>[] {
    let size = 0;
    let count = 0;
    for (const { item } of this.waiting) {
      size += this.ports.sizeOf(item);
      if (count > 0 && size > this.policy.maxSize) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(group: Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcome = await this.ports.work(group.map(({ item }) => item));
      for (const { resolve } of group) resolve(outcome);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.running -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}
