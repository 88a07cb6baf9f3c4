import { createHash } from 'node:crypto';
import { mongoLoginAt } from '@wiber/harness';
import mongoose, { type mongo } from 'mongoose';
import { decodeDocument } from './stored.document.ts';
import type { StoreNames } from './store.reader.ts';

const { MongoClient } = mongoose.mongo;

const withClient = async <T>(
  uri: string,
  options: mongo.MongoClientOptions,
  work: (client: mongo.MongoClient) => Promise<T>,
): Promise<T> => {
  const client = new MongoClient(uri, options);
  try {
    return await work(await client.connect());
  } finally {
    await client.close();
  }
};

const onMember = <T>(
  address: string,
  options: mongo.MongoClientOptions,
  work: (client: mongo.MongoClient) => Promise<T>,
) => withClient(`mongodb://${address}/`, { directConnection: true, ...mongoLoginAt(address), ...options }, work);

const onSet = <T>(uri: string, work: (client: mongo.MongoClient) => Promise<T>) =>
  withClient(uri, { serverSelectionTimeoutMS: 20_000 }, work);

/** A digest of each document that one member holds, by message id. */
export const memberDigests = (address: string, { database, collection }: StoreNames): Promise<Map<string, string>> =>
  onMember(address, { readPreference: 'secondaryPreferred' }, async (client) => {
    const digests = new Map<string, string>();
    for await (const document of client.db(database).collection(collection).find({}, { raw: true })) {
      const bytes = document as unknown as Uint8Array;
      digests.set(String(decodeDocument(bytes).fields.messageId), createHash('sha256').update(bytes).digest('hex'));
    }
    return digests;
  });

/** Whether a member is the primary or a secondary. @throws when it does not answer in time */
export const isPrimaryOrSecondary = (address: string, withinMs: number): Promise<boolean> =>
  onMember(address, { serverSelectionTimeoutMS: withinMs, socketTimeoutMS: withinMs }, async (client) => {
    const { isWritablePrimary, secondary } = await client.db('admin').command({ hello: 1 });
    return isWritablePrimary === true || secondary === true;
  });

/** What the wall clock of a member shows, in milliseconds since the epoch. @throws when it does not answer in time */
export const memberTime = (address: string, withinMs: number): Promise<number> =>
  onMember(address, { serverSelectionTimeoutMS: withinMs, socketTimeoutMS: withinMs }, async (client) =>
    ((await client.db('admin').command({ hello: 1 })) as unknown as { localTime: Date }).localTime.getTime(),
  );

interface SetStatus {
  term: number;
  members: { name: string; stateStr: string; optime: { ts: mongo.Timestamp } }[];
}

const statusOf = async (client: mongo.MongoClient): Promise<SetStatus> =>
  (await client.db('admin').command({ replSetGetStatus: 1 })) as unknown as SetStatus;

/** The time of the last write that any member has. */
export const lastWriteTime = (mongoUri: string): Promise<mongo.Timestamp> =>
  onSet(mongoUri, async (client) => {
    const { members } = await statusOf(client);
    return members.map(({ optime }) => optime.ts).reduce((last, time) => (time.compare(last) > 0 ? time : last));
  });

/**
 * A set is never at rest, since the metrics worker renews its lease. So members are compared with a time, not with each other.
 * @throws while a member is neither primary nor secondary, or has not replicated all writes up to this time
 */
export const requireReplicated = (mongoUri: string, time: mongo.Timestamp): Promise<void> =>
  onSet(mongoUri, async (client) => {
    const { members } = await statusOf(client);
    const away = members.find(({ stateStr }) => !['PRIMARY', 'SECONDARY'].includes(stateStr));
    if (away) throw new Error(`${away.name} is ${away.stateStr}`);
    const late = members.find(({ optime }) => optime.ts.compare(time) < 0);
    if (late) throw new Error(`${late.name} has not replicated all writes yet`);
  });

/** The address of the member that is the primary. */
export const primaryAddress = (mongoUri: string): Promise<string> =>
  onSet(mongoUri, async (client) => String((await client.db('admin').command({ hello: 1 }))['primary']));

export interface SetElection {
  /** The address of the member that is the primary. */
  primary: string;
  /** The number of its election: each one has a larger number. */
  term: number;
  /** Each member's state, as the primary sees it: PRIMARY, SECONDARY, or for example (not reachable/healthy). */
  states: Map<string, string>;
}

/** Who was elected, as the primary says. @throws when there is no primary within `withinMs` */
export const electionOf = (mongoUri: string, withinMs = 20_000): Promise<SetElection> =>
  withClient(mongoUri, { serverSelectionTimeoutMS: withinMs }, async (client) => {
    const { term, members } = await statusOf(client);
    const primary = members.find(({ stateStr }) => stateStr === 'PRIMARY');
    if (!primary) throw new Error('no member is the primary');
    return { primary: primary.name, term, states: new Map(members.map(({ name, stateStr }) => [name, stateStr])) };
  });
