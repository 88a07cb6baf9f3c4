import mongoose, { type mongo } from 'mongoose';
import { LEASES_COLLECTION } from '@wiber/contracts';
import type { StoreNames } from '../store/store.reader.ts';

const { MongoClient } = mongoose.mongo;

type LeasePlace = Pick<StoreNames, 'database'> & { mongoUri: string };

/** Deletes every lease of a database, as somebody with a shell could. The history of terms stays. */
export const deleteLease = (names: LeasePlace): Promise<void> =>
  inLeases(names, async (leases) => void (await leases.deleteMany({}, MAJORITY)));

/** Sets every lease of a database back to the state before its first term, free: the next holder has term 1 again. */
export const forgetTerm = (names: LeasePlace): Promise<void> =>
  inLeases(names, async (leases) => {
    const first = { _id: '$_id', term: { $literal: 0 }, beat: { $literal: 0 }, recent: { $literal: [] } };
    await leases.updateMany({}, [{ $replaceWith: first }], MAJORITY);
  });

const MAJORITY = { writeConcern: { w: 'majority' } } as const;

const inLeases = async (
  { mongoUri, database }: LeasePlace,
  work: (leases: mongo.Collection) => Promise<void>,
): Promise<void> => {
  const client = new MongoClient(mongoUri);
  try {
    await work((await client.connect()).db(database).collection(LEASES_COLLECTION));
  } finally {
    await client.close();
  }
};
