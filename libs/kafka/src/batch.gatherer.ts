export interface GatherPolicy {
  type: 'gather';
  /** Records that are handed on together, unless a single batch has more. */
  maxRecords: number;
  /** Sets of batches that may be under way at once. */
  concurrency: number;
}

interface Waiting<Batch, Outcome> {
  batch: Batch;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit on the store's side: batches of several partitions that come in together are one write and one commit of
 * offsets. A fetch brings a batch of each partition; under a steady load these are small, and a write and a commit for
 * each costs more than their records. Large ones, of a backlog, go apart and side by side.
 */
export class BatchGatherer<Batch extends { records: readonly unknown[] }, Outcome> {
  private readonly policy: GatherPolicy;
  private readonly work: (batches: Batch[]) => Promise<Outcome>;
  private waiting: Waiting<Batch, Outcome>[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(policy: GatherPolicy, work: (batches: Batch[]) => Promise<Outcome>) {
    this.policy = policy;
    this.work = work;
  }

  /** Settles as the work on the set does that this batch is handed on with. */
  submit(batch: Batch): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ batch, resolve, reject });
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

  private takeSet(): Waiting<Batch, Outcome>[] {
    let records = 0;
    let count = 0;
    for (const { batch } of this.waiting) {
      records += batch.records.length;
      if (count > 0 && records > this.policy.maxRecords) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async run(set: Waiting<Batch, Outcome>[]): Promise<void> {
    try {
      const outcome = await this.work(set.map(({ batch }) => batch));
      for (const { resolve } of set) resolve(outcome);
    } catch (error) {
      for (const { reject } of set) reject(error);
    } finally {
      this.underWay -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}
