import type { OplogEntry } from './oplog.reader.ts';

/** A new term: somebody took the lease. `place` is the place in the order of all writes of the trace. */
export interface LeaseTake {
  place: number;
  term: number;
  holder: string;
  claim: string;
  /** When the term began, in integer milliseconds by the primary's clock. */
  since: number;
  /** From whom it was taken; undefined when nobody held it. */
  from?: { term: number; holder: string; renewedAt: number };
}

/** The holder of a term gave the lease back. */
export interface LeaseRelease {
  place: number;
  term: number;
  holder: string;
  /** `released`: after its work had ended, because somebody stopped it. */
  end: string;
}

export interface TraceNames {
  /** The name of the lease. */
  lease: string;
  /** Collections. */
  leases: string;
  terms: string;
  windows: string;
  progress: string;
}

interface LeaseState {
  term: number;
  claim?: string | undefined;
  holder: string;
  since: number;
  renewedAt: number;
  end?: string;
}

/** What the writes to the lease show. */
export class LeaseTrace {
  readonly takes: LeaseTake[] = [];
  readonly releases: LeaseRelease[] = [];
  /** By session: the holder for whom it wrote to the lease. */
  readonly sessions = new Map<string, string>();
  private readonly names: TraceNames;
  private readonly states = new Map<string, LeaseState>();

  constructor(names: TraceNames) {
    this.names = names;
  }

  follow(entry: OplogEntry, place: number): void {
    if (entry.collection !== this.names.leases || !this.isOurs(entry.id)) return;
    const key = JSON.stringify(entry.id);
    const before = this.states.get(key);
    if (entry.op === 'delete') return void this.states.delete(key);
    const after = stateAfter(before, entry);
    this.states.set(key, after);
    const { term, claim, holder, since } = after;
    if (claim !== undefined) {
      if (entry.session !== undefined) this.sessions.set(entry.session, holder);
      if (claim === before?.claim) return;
      this.takes.push({ place, term, holder, claim, since, ...(before && heldBy(before)) });
    } else if (before?.claim !== undefined) {
      if (entry.session !== undefined) this.sessions.set(entry.session, before.holder);
      this.releases.push({ place, term, holder: before.holder, end: after.end ?? '' });
    }
  }

  /** A lease without a name of its own is one for everybody. */
  private isOurs(id: unknown): boolean {
    return id === this.names.lease || typeof id !== 'string';
  }
}

const heldBy = ({ claim, term, holder, renewedAt }: LeaseState): Pick<LeaseTake, 'from'> =>
  claim === undefined ? {} : { from: { term, holder, renewedAt } };

const stateAfter = (before: LeaseState | undefined, { set, unset, isWhole, parts }: OplogEntry): LeaseState => {
  const { recent, ...fields } = set as Partial<LeaseState> & { recent?: Record<string, { end?: string }> };
  const merged = { ...(isWhole ? {} : before), ...fields };
  for (const name of unset) delete merged[name as keyof LeaseState];
  const { term = 0, claim, holder = '', since = 0, renewedAt = since } = merged;
  const end = recent?.[0]?.end ?? endIn(parts['recent']) ?? before?.end;
  return { term, claim, holder, since, renewedAt, ...(end === undefined ? {} : { end }) };
};

/** How the newest ended term ended, when the change of the list names it: whole as `u0`, or the changed fields of it as `s0`. */
const endIn = (change: { u0?: { end?: string }; s0?: { u?: { end?: string } } } = {}): string | undefined =>
  change.u0?.end ?? change.s0?.u?.end;
