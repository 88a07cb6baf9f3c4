import type { CommittedOffset, FetchPlan, FetchResult } from '@wiber/kafka';

/** A topic in memory: the Lamport time of each record, and what its group has committed. */
export class ModelLog {
  readonly records: number[][];
  readonly committed = new Map<number, CommittedOffset>();
  /** The first record that the log still has, by partition. */
  readonly starts: number[];
  /** Records that one fetch brings of a partition. */
  fetchMax = Infinity;

  constructor(partitions: number) {
    this.records = Array.from({ length: partitions }, () => []);
    this.starts = this.records.map(() => 0);
  }

  append(partition: number, lamport: number): void {
    this.records[partition]!.push(lamport);
  }

  commit(partition: number, offset: number, note: string | null): void {
    this.committed.set(partition, { partition, offset, note });
  }

  /** What a gateway that starts asks Kafka. */
  get probe() {
    return {
      committed: async () => [...this.committed.values()],
      starts: async () => new Map(this.starts.entries()),
      endsOf: async (): Promise<(number | undefined)[]> => this.records.map(({ length }) => length),
    };
  }

  get fetcher() {
    return { fetch: async (plan: FetchPlan): Promise<FetchResult> => this.fetch(plan) };
  }

  private fetch({ positions, except }: FetchPlan): FetchResult {
    const fetched = this.records.flatMap((times, partition) => {
      if (except?.has(partition)) return [];
      const from = positions.get(partition) ?? 0;
      const read = times.slice(from, from + this.fetchMax);
      const records = read.map((lamport, index) => recordOf(from + index, lamport));
      return [{ partition, records, next: from + read.length, end: times.length }];
    });
    return { partitions: this.records.length, fetched, failures: [] };
  }
}

export const recordOf = (offset: number, lamport: number) => {
  const messageId = `0199c2a4-6f3e-7b1a-9d4c-${String(offset).padStart(12, '0')}`;
  const message = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport };
  return { offset, timestamp: 1, key: null, value: Buffer.from(JSON.stringify(message)), headers: {} };
};
