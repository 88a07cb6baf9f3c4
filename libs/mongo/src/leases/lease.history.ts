import type { mongo } from 'mongoose';
import type { StoreWrites } from '../connection/store.writes.ts';
import type { LeaseTermDocument } from './lease-term.schema.ts';
import type { EndedTerm, LeaseDocument } from './lease.schema.ts';

export interface HistoryPorts {
  writes: StoreWrites;
  leases: () => mongo.Collection<LeaseDocument>;
  terms: () => mongo.Collection<LeaseTermDocument>;
}

/** Keeps the terms of the leases for longer than the leases themselves do. */
export class LeaseHistory {
  private readonly ports: HistoryPorts;

  constructor(ports: HistoryPorts) {
    this.ports = ports;
  }

  /**
   * Writes the terms that the lease names. What is written already stays as it is, so any process may do it, again and again.
   * @param retentionMs how long a term is kept after its end, in milliseconds
   * @throws StoreUnavailableError when some may be missing: call it again
   */
  async keep(lease: string, retentionMs: number): Promise<void> {
    const { writes, leases, terms } = this.ports;
    await writes.run(async (options) => {
      const found = await leases().findOne({ _id: lease }, { readConcern: { level: 'majority' } });
      if (!found) return;
      const { claim, term, holder = '', since = 0, recent } = found;
      const present = claim === undefined ? [] : [{ term, holder, since }];
      const ended = recent.map((one) => ({ ...one, expireAt: new Date(one.until + retentionMs) }));
      const operations = [...present, ...ended].map((one) => upsertOf(lease, one));
      if (operations.length > 0) await terms().bulkWrite(operations, { ...options, ordered: false });
    });
  }
}

const upsertOf = (
  lease: string,
  one: Pick<EndedTerm, 'term' | 'holder' | 'since'> & Partial<LeaseTermDocument>,
): mongo.AnyBulkWriteOperation<LeaseTermDocument> => ({
  updateOne: { filter: { _id: `${lease}:${one.term}` }, update: { $set: { lease, ...one } }, upsert: true },
});
