import mongoose, { type mongo } from 'mongoose';
import { COLLECTION_SUFFIX, LEASES_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import type { FiguresNames } from '../figures/figures.reader.ts';

const { MongoClient } = mongoose.mongo;

/** A change of the lease, or a write of a leader that changed something, in the order of the oplog. */
export type TrailWrite =
  | { type: 'lease'; term: number | undefined; claim: string | undefined }
  | { type: 'effect'; document: string; term: number | undefined };

/** The fields that matter, of a whole document or of a change. Source: oplog_entry.idl and document_diff of mongod. */
interface RawEntry {
  op: 'i' | 'u' | 'd';
  ns: string;
  o: Fields & { _id?: unknown; diff?: { i?: Fields; u?: Fields; d?: Record<string, unknown> } };
  o2?: { _id: unknown };
}

interface Fields {
  term?: number;
  lastTerm?: number;
  claim?: string;
}

const FIELDS = ['term', 'lastTerm', 'claim'];
const KEPT = Object.fromEntries(
  ['o', 'o.diff.i', 'o.diff.u', 'o.diff.d'].flatMap((path) => FIELDS.map((name) => [`${path}.${name}`, 1])),
);
const PROJECTION = { op: 1, ns: 1, o2: 1, 'o._id': 1, ...KEPT };

const namespacesOf = ({ database, collection }: FiguresNames) => ({
  leases: `${database}.${LEASES_COLLECTION}`,
  windows: `${database}.${collection}${COLLECTION_SUFFIX.stats}`,
  progress: `${database}.${collection}${COLLECTION_SUFFIX.progress}`,
  busiest: `${database}.${collection}${COLLECTION_SUFFIX.busiest}`,
  servers: `${database}.${collection}${COLLECTION_SUFFIX.servers}`,
});

const withOplog = async <T>(uri: string, work: (oplog: mongo.Collection<RawEntry>) => Promise<T>): Promise<T> => {
  const client = new MongoClient(uri, { readPreference: 'primary', appName: 'wiber-evidence' });
  try {
    return await work((await client.connect()).db('local').collection<RawEntry>('oplog.rs'));
  } finally {
    await client.close();
  }
};

/**
 * What the workers have written, from the first write of the database on. The oplog is the order in which MongoDB made the
 * writes, so no clock takes part. A write that changed nothing is not in it.
 * @throws Error when the oplog does not reach back to the begin of the lease: it would prove nothing
 */
export const readTrail = (names: FiguresNames): Promise<TrailWrite[]> =>
  withOplog(names.mongoUri, async (oplog) => {
    const spaces = namespacesOf(names);
    const filter = { ns: { $in: Object.values(spaces) }, op: { $in: ['i', 'u', 'd'] as const } };
    const trail = new Trail(spaces, metricsLeaseOf(names.topic, names.collection));
    for await (const entry of oplog.find(filter).project<RawEntry>(PROJECTION).sort({ $natural: 1 })) trail.add(entry);
    if (!trail.hasBegin)
      throw new Error('the oplog does not reach back to the begin of the lease; run fewer takeovers');
    return trail.writes;
  });

/** Follows documents through their changes: a change has only the fields that became others. */
export class Trail {
  readonly writes: TrailWrite[] = [];
  /** Whether the first write of the lease that the oplog has is its insert. */
  hasBegin = false;
  private readonly spaces: ReturnType<typeof namespacesOf>;
  private readonly lease: string;
  private readonly documents = new Map<string, Fields>();

  constructor(spaces: ReturnType<typeof namespacesOf>, lease: string) {
    this.spaces = spaces;
    this.lease = lease;
  }

  add({ op, ns, o, o2 }: RawEntry): void {
    const id = op === 'u' ? o2?._id : o._id;
    const isLease = ns === this.spaces.leases;
    if (isLease && id !== this.lease) return;
    const document = `${ns} ${JSON.stringify(id)}`;
    // Only the TTL index deletes windows and lists.
    if (op === 'd' && !isLease) return void this.documents.delete(document);
    const fields = op === 'd' ? {} : fieldsAfter(this.documents.get(document), o);
    this.documents.set(document, fields);
    if (isLease) {
      if (this.writes.every(({ type }) => type !== 'lease')) this.hasBegin = op === 'i';
      this.writes.push({ type: 'lease', term: fields.term, claim: fields.claim });
    } else this.writes.push({ type: 'effect', document, term: fields.lastTerm ?? fields.term });
  }
}

/** Without `diff`, `o` is the whole document. */
const fieldsAfter = (before: Fields = {}, { diff, ...whole }: RawEntry['o']): Fields => {
  const { term, lastTerm, claim } = diff === undefined ? whole : { ...before, ...diff.i, ...diff.u };
  const isFree = diff?.d !== undefined && 'claim' in diff.d;
  return {
    ...(term === undefined ? {} : { term }),
    ...(lastTerm === undefined ? {} : { lastTerm }),
    ...(claim === undefined || isFree ? {} : { claim }),
  };
};
