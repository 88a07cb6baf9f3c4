import { LeaseTrace, type LeaseRelease, type LeaseTake, type TraceNames } from './lease.trace.ts';
import type { OplogEntry } from './oplog.reader.ts';

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
