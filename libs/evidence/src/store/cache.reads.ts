import type { mongo } from 'mongoose';

/** What mongod has brought into its cache since it started: from its files or from the operating system's page cache. */
export interface CacheReads {
  pages: number;
  /** As they are in the cache, so not compressed. */
  bytes: number;
}

/** Source: https://www.mongodb.com/docs/manual/reference/command/serverStatus/#wiredtiger */
export const readCacheReads = async (client: mongo.MongoClient): Promise<CacheReads> => {
  const { wiredTiger } = await client.db('admin').command({ serverStatus: 1 });
  const { cache } = wiredTiger as { cache: Record<string, number> };
  const counter = (name: string): number => {
    const value = cache[name];
    if (value === undefined) throw new Error(`serverStatus has no wiredTiger.cache["${name}"]`);
    return Number(value);
  };
  return { pages: counter('pages read into cache'), bytes: counter('bytes read into cache') };
};
