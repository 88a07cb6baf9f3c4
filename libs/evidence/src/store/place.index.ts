import mongoose, { type mongo } from 'mongoose';
import type { UncheckedPlace } from './stored.document.ts';

const { MaxKey, MinKey, MongoServerError } = mongoose.mongo;

/** The collection does not exist yet. */
const NAMESPACE_NOT_FOUND = 26;

/** How documents are found by their place in the log. */
export interface PlaceIndex {
  /** The key of the index, which is its sort order too. */
  key: Record<string, 1>;
  /** A bound of the index, for `min` and `max` of a query. */
  bound: (place: UncheckedPlace) => mongo.Document;
  /** Documents of a partition whose offset fits the condition. */
  ofOffsets: (partition: number, offset: Record<string, unknown>) => mongo.Document;
  /** The format of the documents. The earlier one holds ids of messages as text. */
  format: 'present' | 'earlier';
}

/** The place is the _id. A place that was taken twice has a third field, `again`, and sorts behind the first. */
const BY_ID: PlaceIndex = {
  key: { _id: 1 },
  bound: ({ partition, offset }) => {
    // Documents whose _id is no place are sorted before and behind all objects.
    if (partition instanceof MinKey || partition instanceof MaxKey) return { _id: partition };
    return { _id: { partition, offset } };
  },
  ofOffsets: (partition, condition) => ({
    _id: Object.fromEntries(
      Object.entries(condition).map(([operator, offset]) => [
        operator,
        operator === '$gt' ? { partition, offset, again: new MaxKey() } : { partition, offset },
      ]),
    ),
  }),
  format: 'present',
};

/** The format of earlier versions, from which `npm run rebuild` leads to this one. */
const BY_FIELDS: PlaceIndex = {
  key: { partition: 1, offset: 1 },
  bound: ({ partition, offset }) => ({ partition, offset }),
  ofOffsets: (partition, offset) => ({ partition, offset }),
  format: 'earlier',
};

/** The place index of a collection: only the earlier format has an index of two fields. */
export const placeIndexOf = async (messages: mongo.Collection): Promise<PlaceIndex> => {
  const isEarlier = ({ key }: { key: object }) => JSON.stringify(key) === JSON.stringify(BY_FIELDS.key);
  const indexes = await messages
    .listIndexes()
    .toArray()
    .catch((error: unknown) => {
      if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
  return indexes.some((index) => isEarlier(index as { key: object })) ? BY_FIELDS : BY_ID;
};
