import { mongo } from 'mongoose';
import { spareOf } from './connection/spare.index.ts';

const NAMESPACE_NOT_FOUND = 26;

/** An index as listIndexes describes it. */
interface FoundIndex extends Omit<mongo.IndexDescription, 'key'> {
  key?: unknown;
}

type Indexed = Pick<mongo.Collection, 'collectionName' | 'indexes' | 'createIndexes'>;

export interface IndexedCollection {
  collection: Indexed;
  wanted: mongo.IndexDescription[];
}

/** All that decides which documents an index has, in which order, and for how long. A hidden index answers no read. */
const formOf = (index: FoundIndex): string => {
  const { key, unique = false, sparse = false, hidden = false, expireAfterSeconds, partialFilterExpression } = index;
  const locale = index.collation?.locale ?? 'simple';
  const fields = Object.entries(key ?? {});
  return JSON.stringify([fields, unique, sparse, hidden, expireAfterSeconds, partialFilterExpression, locale]);
};

/**
 * The names of the wanted indexes that a collection has not, or has in another form: hidden, partial, sparse or with another
 * key. None of a collection that does not exist.
 */
export const missingOf = async ({ collection, wanted }: IndexedCollection): Promise<string[]> => {
  const found = await indexesOf(collection);
  if (found === undefined) return [];
  const forms = new Map(found.map((index) => [index.name, formOf(index)]));
  // While its spare index is there, an index is built anew on purpose, and reads have the spare one.
  const isThere = (index: mongo.IndexDescription, name: string) =>
    forms.has(name) ? forms.get(name) === formOf(index) : forms.has(spareOf(name));
  return wanted.flatMap((index) => {
    const { name = '' } = index;
    return isThere(index, name) ? [] : `${collection.collectionName}.${name}`;
  });
};

/** Makes the wanted indexes that are hidden answer reads again: createIndexes takes a hidden one for the wanted one. */
export const unhide = async (
  collection: Indexed,
  { db, wanted }: { db: mongo.Db; wanted: readonly mongo.IndexDescription[] },
): Promise<void> => {
  const names = new Set(wanted.map(({ name }) => name));
  for (const { name, hidden } of (await indexesOf(collection)) ?? [])
    if (hidden && names.has(name))
      await db.command({ collMod: collection.collectionName, index: { name, hidden: false } });
};

const indexesOf = (collection: Indexed): Promise<FoundIndex[] | undefined> =>
  collection.indexes().catch((error: unknown) => {
    if (error instanceof mongo.MongoServerError && error.code === NAMESPACE_NOT_FOUND) return undefined;
    throw error;
  });
