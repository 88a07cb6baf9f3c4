import mongoose, { type mongo } from 'mongoose';

const { MongoClient } = mongoose.mongo;

/**
 * One write that changed a document, as the oplog of MongoDB has it. A write that changed nothing has none.
 * Source: src/mongo/db/repl/oplog_entry.idl of mongod.
 */
export interface OplogEntry {
  collection: string;
  op: 'insert' | 'update' | 'delete';
  id: unknown;
  /** The session that wrote it, which is of one process only. Undefined for a write that is not retryable. */
  session: string | undefined;
  /** Milliseconds since the epoch, by the clock of the primary of that moment. */
  at: number;
  /** The document of an insert or a replacement, or the fields that an update has set; nothing of a delete. */
  set: mongo.Document;
  /** Top-level fields that an update has removed. */
  unset: string[];
  /** Whether `set` is the whole document. */
  isWhole: boolean;
  /** By top-level field of which an update has changed a part: the change, in the format of the oplog. */
  parts: Record<string, mongo.Document>;
}

interface RawEntry {
  op: string;
  ns: string;
  o: mongo.Document;
  o2?: { _id: unknown };
  lsid?: { id: mongo.Binary };
  wall: Date;
}

const OPERATIONS: Record<string, OplogEntry['op']> = { i: 'insert', u: 'update', d: 'delete' };

/** The version of the format in which an update names fields: `$v` of an entry. */
const DELTA_VERSION = 2;

/** All writes to some collections of a database, oldest first. The oplog of the primary has only what no failover took back. */
export const readOplog = async (
  uri: string,
  { database, collections }: { database: string; collections: readonly string[] },
): Promise<OplogEntry[]> => {
  const client = new MongoClient(uri, { readPreference: 'primary', appName: 'wiber-evidence' });
  try {
    const oplog = (await client.connect()).db('local').collection<RawEntry>('oplog.rs');
    const filter = { ns: { $in: collections.map((name) => `${database}.${name}`) }, op: { $in: ['i', 'u', 'd'] } };
    const found = await oplog.find(filter).sort({ $natural: 1 }).toArray();
    return found.map((entry) => entryOf(entry, database));
  } finally {
    await client.close();
  }
};

const entryOf = ({ op, ns, o, o2, lsid, wall }: RawEntry, database: string): OplogEntry => {
  const operation = OPERATIONS[op]!;
  return {
    collection: ns.slice(database.length + 1),
    op: operation,
    id: operation === 'update' ? o2?._id : o['_id'],
    session: lsid?.id.toString('hex'),
    at: wall.getTime(),
    ...changeOf(operation, o),
  };
};

/** In a delta `i` and `u` have new and changed fields, `d` removed ones, and `s` before a name is a change within the field. */
const changeOf = (op: OplogEntry['op'], o: mongo.Document): Pick<OplogEntry, 'set' | 'unset' | 'isWhole' | 'parts'> => {
  if (op === 'delete') return { set: {}, unset: [], isWhole: true, parts: {} };
  if (o['$v'] !== DELTA_VERSION) return { set: o, unset: [], isWhole: true, parts: {} };
  const diff = (o['diff'] ?? {}) as Record<string, mongo.Document>;
  const parts = Object.entries(diff).filter(([name]) => name.length > 1 && name.startsWith('s'));
  return {
    set: { ...diff['u'], ...diff['i'] },
    unset: Object.keys(diff['d'] ?? {}),
    isWhole: false,
    parts: Object.fromEntries(parts.map(([name, change]) => [name.slice(1), change])),
  };
};
