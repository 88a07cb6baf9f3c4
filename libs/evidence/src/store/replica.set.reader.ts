import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import type { StoredRow } from '../checker/observation.ts';
import type { Subject } from '../subject.ts';

const { MongoClient } = mongoose.mongo;

export interface StoreEvidence {
  stored: StoredRow[];
  members: Map<string, Map<string, string>>;
}

const NAMES = ['messageId', 'conversationId', 'fromUser', 'content', 'timestamp', 'partition', 'offset'];
const FIELDS = { _id: 0, ...Object.fromEntries(NAMES.map((name) => [name, 1])) };

/** What the store holds, by a majority read of the primary, and what each member holds, asked one by one. */
export const readStore = async ({ mongoUri, members: asked, ...names }: Subject): Promise<StoreEvidence> => {
  const client = await new MongoClient(mongoUri, { readConcern: { level: 'majority' } }).connect();
  try {
    const db = client.db(names.database);
    const found = await db.collection(names.collection).find({}, { projection: FIELDS }).toArray();
    const members = new Map<string, Map<string, string>>();
    for (const { id, address } of asked) members.set(id, await digestsOf(address, names));
    return { stored: found as unknown as StoredRow[], members };
  } finally {
    await client.close();
  }
};

const digestsOf = async (
  address: string,
  { database, collection }: { database: string; collection: string },
): Promise<Map<string, string>> => {
  const client = await new MongoClient(`mongodb://${address}/?directConnection=true`, {
    readPreference: 'secondaryPreferred',
  }).connect();
  try {
    const digests = new Map<string, string>();
    for await (const document of client.db(database).collection(collection).find({}, { raw: true })) {
      const bytes = document as unknown as Uint8Array;
      const { messageId } = mongoose.mongo.BSON.deserialize(bytes) as { messageId: string };
      digests.set(messageId, createHash('sha256').update(bytes).digest('hex'));
    }
    return digests;
  } finally {
    await client.close();
  }
};

interface SetStatus {
  members: { name: string; stateStr: string; optime: { ts: unknown } }[];
}

/** @throws while a member is neither primary nor secondary, or has not all that another has */
export const requireInStep = async (mongoUri: string): Promise<void> => {
  const client = await new MongoClient(mongoUri, { serverSelectionTimeoutMS: 20_000 }).connect();
  try {
    const { members } = (await client.db('admin').command({ replSetGetStatus: 1 })) as unknown as SetStatus;
    const away = members.find(({ stateStr }) => !['PRIMARY', 'SECONDARY'].includes(stateStr));
    if (away) throw new Error(`${away.name} is ${away.stateStr}`);
    const times = new Set(members.map(({ optime }) => String(optime.ts)));
    if (times.size > 1) throw new Error('the members of the replica set are not in step yet');
  } finally {
    await client.close();
  }
};

/** The member that says it is primary: its address. */
export const primaryAddress = async (mongoUri: string): Promise<string> => {
  const client = await new MongoClient(mongoUri, { serverSelectionTimeoutMS: 20_000 }).connect();
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    return String(hello['primary']);
  } finally {
    await client.close();
  }
};
