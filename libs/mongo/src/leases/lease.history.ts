import type { mongo } from 'mongoose';
import type { StoreWrites } from '../connection/store.writes.ts';
import type { LeaseTermDocument } from './lease-term.schema.ts';
import type { EndedTerm, LeaseDocument } from './lease.schema.ts';
import { oddTermsOf } from './lease.terms.ts';
import type { OddLeases } from './odd.leases.ts';
import { readableLease } from './readable.lease.ts';

export interface HistoryPorts {
  writes: StoreWrites;
  leases: () => mongo.Collection<LeaseDocument>;
  terms: () => mongo.Collection<LeaseTermDocument>;
  odd: OddLeases;
}

/** Keeps the terms of the leases for longer than the leases themselves do. */
export class LeaseHistory {
  private readonly ports: HistoryPorts;

  constructor(ports: HistoryPorts) {
    this.ports = ports;
  }

  /**
   * Writes the terms that the lease names. What is written already stays as it is, so any process may do it, again and again.
   * What somebody changed, here or in the terms that are written, is left out and reported.
   * @param retentionMs how long a term is kept after its end, in milliseconds
   * @throws StoreUnavailableError when some may be missing: call it again
   */
  async keep(lease: string, retentionMs: number): Promise<void> {
    const { writes, leases, terms, odd } = this.ports;
    await writes.run(async (options) => {
      const found = await leases().findOne({ _id: lease }, { readConcern: { level: 'majority' } });
      if (!found) return;
      const readable = readableLease(found);
      odd.reportFields(lease, readable.odd);
      const { present, ended } = readable;
      const lasting = present ? [{ term: present.term, holder: present.holder, since: present.since }] : [];
      const over = ended.map((one) => ({ ...one, expireAt: new Date(one.until + retentionMs) }));
      const operations = [...lasting, ...over].map((one) => upsertOf(lease, one));
      if (operations.length > 0) await terms().bulkWrite(operations, { ...options, ordered: false });
      odd.reportTerms(await oddTermsOf(terms(), lease));
    });
  }
}

const upsertOf = (
  lease: string,
  one: Pick<EndedTerm, 'term' | 'holder' | 'since'> & Partial<LeaseTermDocument>,
): mongo.AnyBulkWriteOperation<LeaseTermDocument> => ({
  updateOne: { filter: { _id: `${lease}:${one.term}` }, update: { $set: { lease, ...one } }, upsert: true },
});
