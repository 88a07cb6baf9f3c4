import type { mongo } from 'mongoose';
import type { LeaseCall, LeaseRecord } from '@wiber/resilience';
import type { StoreConnection } from '../connection/store.connection.ts';
import type { LeaseTermDocument } from './lease-term.schema.ts';
import type { ProgressDocument } from '../stats/progress.schema.ts';
import type { LeaseDocument } from './lease.schema.ts';
import { highestTerm } from './lease.terms.ts';
import { updateOf, type LeaseHolder } from './lease.updates.ts';
import type { OddLeases } from './odd.leases.ts';
import { recordOf } from './readable.lease.ts';

export interface LeasePorts {
  connection: StoreConnection;
  leases: () => mongo.Collection<LeaseDocument>;
  terms: () => mongo.Collection<LeaseTermDocument>;
  /** Where the leader writes its term with its work: a lease that somebody has deleted goes on behind those terms too. */
  guarded: () => mongo.Collection<ProgressDocument>;
  odd: OddLeases;
}

/**
 * The leases, each with at most one holder. Every call is one command on one document, and its answer is known only when a
 * majority has it in its journal: what it says, no failover takes back.
 */
export class LeaseStore {
  private readonly ports: LeasePorts;

  constructor(ports: LeasePorts) {
    this.ports = ports;
  }

  /**
   * Makes one call for a holder. That another was faster is no error: the answer shows who has the lease.
   * @param withinMs how long it may take, in milliseconds
   * @returns the lease after the call; undefined when there is none
   * @throws StoreUnavailableError when the outcome is unknown, also when no majority has acknowledged it in time;
   * LeaseUnreadableError when the document is no lease
   */
  async call(lease: string, call: LeaseCall, by: LeaseHolder & { withinMs: number }): Promise<LeaseRecord | undefined> {
    const maxTimeMS = Math.max(1, Math.ceil(by.withinMs));
    const found = await this.ports.connection.run(
      (signal) =>
        call.type === 'look' ? this.look(lease, maxTimeMS) : this.change(lease, call, { ...by, maxTimeMS, signal }),
      maxTimeMS,
    );
    return found ? this.ports.odd.named(() => recordOf(found)) : undefined;
  }

  /**
   * Majority, on the primary: a beat that a failover takes back could come a second time, later, and a contender would count
   * its age from the first.
   */
  private look(lease: string, maxTimeMS: number): Promise<LeaseDocument | null> {
    const options = { readConcern: { level: 'majority' }, readPreference: 'primary', maxTimeMS } as const;
    return this.ports.leases().findOne({ _id: lease }, options);
  }

  private async change(
    lease: string,
    call: Exclude<LeaseCall, { type: 'look' }>,
    { maxTimeMS, signal, ...by }: LeaseHolder & { maxTimeMS: number; signal: AbortSignal },
  ): Promise<LeaseDocument | null> {
    const isFirst = call.type === 'acquire' && call.seen === undefined;
    const above = isFirst ? await this.highestTerm(lease, maxTimeMS) : 0;
    const update = updateOf(isFirst ? { ...call, above: Math.max(call.above, above) } : call, by);
    const options = {
      upsert: isFirst,
      returnDocument: 'after',
      maxTimeMS,
      // An unmet write concern is an error of the driver, so nobody takes it for an answer.
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: maxTimeMS },
      signal,
    } as const;
    return this.ports.leases().findOneAndUpdate({ _id: lease }, update, options);
  }

  /** Of a lease that somebody has deleted: its terms still go on. */
  private async highestTerm(lease: string, maxTimeMS: number): Promise<number> {
    const { terms, guarded } = this.ports;
    const highest = await Promise.all([
      highestTerm(terms(), { filter: { lease }, maxTimeMS }),
      highestTerm(guarded(), { maxTimeMS }),
    ]);
    return Math.max(...highest);
  }
}
