import mongoose from 'mongoose';
import { LEASES_COLLECTION } from '@wiber/contracts';
import type { StoreNames } from '../store/store.reader.ts';

const { MongoClient } = mongoose.mongo;

/** Deletes every lease of a database, as somebody with a shell could. The history of terms stays. */
export const deleteLease = async ({
  mongoUri,
  database,
}: Pick<StoreNames, 'database'> & { mongoUri: string }): Promise<void> => {
  const client = new MongoClient(mongoUri);
  try {
    const leases = (await client.connect()).db(database).collection(LEASES_COLLECTION);
    await leases.deleteMany({}, { writeConcern: { w: 'majority' } });
  } finally {
    await client.close();
  }
};
