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

/** A write of a metrics worker that changed something. */
export interface GuardedWrite {
  place: number;
  /** The collection and the _id of the document. */
  document: string;
  /**
   * `figures` and `gauges` replace or add what a leader has counted or seen. `position` writes only how far everything is
   * counted, or a term of the past: what stays true whoever writes it.
   */
  kind: 'figures' | 'gauges' | 'position';
  /** Whose session wrote it, and the last term that this holder had taken by then. Undefined when nothing shows it. */
  by?: { holder: string; term: number };
}

export interface LeadershipTrace {
  takes: LeaseTake[];
  releases: LeaseRelease[];
  writes: GuardedWrite[];
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

/**
 * Follows the writes of the metrics workers in the order in which MongoDB made them. No worker's belief is asked: terms are
 * those of the lease, and a write is the work of the process whose session made it.
 */
export const leadershipTraceOf = (entries: readonly OplogEntry[], names: TraceNames): LeadershipTrace => {
  const leases = new LeaseTrace(names);
  for (const [place, entry] of entries.entries()) leases.follow(entry, place);
  const { takes, releases } = leases;
  const sessions = sessionsOf(entries, leases, names);
  const writes = entries.flatMap((entry, place): GuardedWrite[] => {
    const kind = kindOf(entry, names);
    if (kind === undefined) return [];
    const document = `${entry.collection} ${JSON.stringify(entry.id)}`;
    const holder = sessions.get(entry.session ?? '');
    const term = takes.findLast((take) => take.holder === holder && take.place < place)?.term;
    return [{ place, document, kind, ...(holder !== undefined && term !== undefined ? { by: { holder, term } } : {}) }];
  });
  return { takes, releases, writes };
};

/** What the writes to the lease show. */
class LeaseTrace {
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

/**
 * By session: the holder. A session is of one client and so of one process. It shows whose it is when it writes to the lease,
 * and when it makes a document of figures or raises its term: then the document has the term of the writer.
 */
const sessionsOf = (
  entries: readonly OplogEntry[],
  { takes, sessions }: LeaseTrace,
  { windows, progress }: TraceNames,
): Map<string, string> => {
  const found = new Map(sessions);
  const terms = new Map<string, number>();
  const holders = new Map(takes.map(({ term, holder }) => [term, holder]));
  for (const { collection, id, session, set } of entries) {
    if (collection !== windows && collection !== progress) continue;
    const key = `${collection} ${JSON.stringify(id)}`;
    const term = (set as { term?: number }).term;
    if (term === undefined || term === terms.get(key)) continue;
    terms.set(key, term);
    const holder = holders.get(term);
    if (session !== undefined && holder !== undefined && !found.has(session)) found.set(session, holder);
  }
  return found;
};

const kindOf = (entry: OplogEntry, names: TraceNames): GuardedWrite['kind'] | undefined => {
  const { collection, op, set, isWhole, parts } = entry;
  // Retention deletes windows and terms, and nobody else does.
  if (op === 'delete') return undefined;
  if (collection === names.windows) return 'figures';
  if (collection === names.terms) return 'position';
  if (collection !== names.progress) return undefined;
  // A whole document does not say which of its fields are new.
  return !isWhole && ('gauges' in set || 'gauges' in parts) ? 'gauges' : 'position';
};
