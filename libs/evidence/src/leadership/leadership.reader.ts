import mongoose from 'mongoose';
import { LEASES_COLLECTION, LEASE_TERMS_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import { figuresCollectionsOf, type FiguresNames } from '../figures/figures.reader.ts';
import { leadershipTraceOf, type LeadershipTrace } from './leadership.trace.ts';
import { readOplog } from './oplog.reader.ts';

const { MongoClient } = mongoose.mongo;

/** A term as the history of leaders names it. */
export interface KeptTerm {
  term: number;
  holder: string;
  since: number;
}

/** Every term that the history of leaders has now, oldest first. */
export const readKeptTerms = async ({ mongoUri, database, collection, topic }: FiguresNames): Promise<KeptTerm[]> => {
  const client = new MongoClient(mongoUri, { readPreference: 'primary', readConcern: { level: 'majority' } });
  try {
    const terms = (await client.connect())
      .db(database)
      .collection<KeptTerm & { lease: string }>(LEASE_TERMS_COLLECTION);
    const found = await terms
      .find({ lease: metricsLeaseOf(topic, collection) })
      .sort({ term: 1 })
      .toArray();
    return found.map(({ term, holder, since }) => ({ term, holder, since }));
  } finally {
    await client.close();
  }
};

/** What the metrics workers wrote to the lease and under it, in the order of the writes, as far back as the oplog goes. */
export const readLeadershipTrace = async ({
  mongoUri,
  database,
  collection,
  topic,
}: FiguresNames): Promise<LeadershipTrace> => {
  const { windows, progress } = figuresCollectionsOf(collection);
  const [leases, terms] = [LEASES_COLLECTION, LEASE_TERMS_COLLECTION];
  const entries = await readOplog(mongoUri, { database, collections: [leases, terms, windows, progress] });
  return leadershipTraceOf(entries, { lease: metricsLeaseOf(topic, collection), leases, terms, windows, progress });
};
