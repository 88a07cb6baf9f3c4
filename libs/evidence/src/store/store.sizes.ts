import type { mongo } from 'mongoose';
import { activityCollectionOf } from './activity.format.ts';

/** What a collection of messages takes on disk, in bytes. */
export interface StoreSizes {
  messages: number;
  /** The documents, as they are compressed. */
  data: number;
  /** Each index by its name. */
  indexes: Record<string, number>;
  /** The entries through which a user's messages are found. */
  activity: number;
}

interface CollectionStats {
  count: number;
  storageSize: number;
  indexSizes: Record<string, number>;
}

/** Takes a checkpoint first: before it, the files do not hold what was written last. */
export const readSizes = async (client: mongo.MongoClient, messages: mongo.Collection): Promise<StoreSizes> => {
  await client.db('admin').command({ fsync: 1 });
  const statsOf = async (name: string): Promise<CollectionStats> =>
    (await client.db(messages.dbName).command({ collStats: name })) as unknown as CollectionStats;
  const [stats, activity] = await Promise.all(
    [messages.collectionName, activityCollectionOf(messages.collectionName)].map(statsOf),
  );
  return {
    messages: stats!.count,
    data: stats!.storageSize,
    indexes: stats!.indexSizes,
    activity: activity!.storageSize,
  };
};
