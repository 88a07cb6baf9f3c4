import type { mongo } from 'mongoose';
import type { LeaseEnd } from '@wiber/resilience';
import type { StoreReads } from '../connection/store.reads.ts';
import { TERMS_NEWEST, type LeaseTermDocument } from './lease-term.schema.ts';
import type { EndedTerm, LeaseDocument } from './lease.schema.ts';
import { endedTermsOf } from './lease.terms.ts';
import type { OddLeases } from './odd.leases.ts';
import { isEndedTerm, readableLease, type ReadableLease } from './readable.lease.ts';

/** A term of a lease as people see it. Times are integer milliseconds of the primary's clock. */
export interface ShownTerm {
  term: number;
  holder: string;
  since: number;
  /** The last sign of life that the store has of the holder. */
  renewedAt?: number;
  /** The next two are absent while the term lasts. */
  until?: number;
  end?: LeaseEnd;
}

export interface ShownLease {
  /** The number of the last term; 0 when there was none. */
  term: number;
  /** Who holds the lease by the store; absent while nobody does. It may have expired. */
  holder?: ShownTerm & { expiresAt: number };
  /** The ended terms, newest first. */
  history: ShownTerm[];
}

export interface LeaseReaderPorts {
  reads: StoreReads;
  leases: () => mongo.Collection<LeaseDocument>;
  terms: () => mongo.Collection<LeaseTermDocument>;
  odd: OddLeases;
}

const ON_PRIMARY = { readPreference: 'primary', readConcern: { level: 'majority' } } as const;
const SHOWN = { _id: 0, term: 1, holder: 1, since: 1, renewedAt: 1, until: 1, end: 1 } as const;

const NO_LEASE: ReadableLease = { term: 0, present: undefined, ended: [], odd: [] };

/** Who leads by the store, and who did. It never asks a process what it believes. */
export class LeaseReader {
  private readonly ports: LeaseReaderPorts;

  constructor(ports: LeaseReaderPorts) {
    this.ports = ports;
  }

  /** @param limits the number of ended terms, and how long the caller waits in milliseconds. @throws StoreUnavailableError */
  async show(lease: string, { limit, withinMs }: { limit: number; withinMs: number }): Promise<ShownLease> {
    const options = { ...ON_PRIMARY, maxTimeMS: withinMs };
    const [found, kept] = await this.ports.reads.runOnPrimary(
      () =>
        Promise.all([
          this.ports.leases().findOne({ _id: lease }, options),
          this.ports
            .terms()
            .find<EndedTerm>(endedTermsOf(lease), {
              ...options,
              sort: { term: -1 },
              hint: TERMS_NEWEST,
              projection: SHOWN,
              limit,
            })
            .toArray(),
        ]),
      withinMs,
    );
    // The lease has the terms that the history may not have yet.
    const { term, present, ended, odd } = found ? readableLease(found) : NO_LEASE;
    this.ports.odd.reportFields(lease, odd);
    const history = new Map([...kept.filter(isEndedTerm), ...ended].map((one) => [one.term, one]));
    const newestFirst = [...history.values()].sort((one, other) => other.term - one.term).slice(0, limit);
    return { term, ...(present ? { holder: present } : {}), history: newestFirst };
  }
}
