import type { mongo } from 'mongoose';

/** As listCollections describes a collection: https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
export interface CollectionDescription {
  name: string;
  type?: string | undefined;
  options?: mongo.Document | undefined;
}

const VALIDATES = 'has a validator, which may refuse what Wiber writes';

/**
 * Why a collection that somebody made can't serve as one of Wiber's; undefined when it can. Wiber makes collections with
 * the options that it needs, and MongoDB does not change options afterwards.
 * @param mayValidate true for the messages: one that a validator refuses becomes a dead letter
 */
export const oddOptionOf = (
  { type = 'collection', options = {} }: CollectionDescription,
  mayValidate: boolean,
): string | undefined => {
  if (type === 'timeseries') return 'is a time series, which keeps no unique ids';
  if (type !== 'collection') return `is a ${type}`;
  if (options['capped']) return 'is capped: it deletes its oldest documents';
  const locale = (options['collation'] as mongo.CollationOptions | undefined)?.locale;
  if (locale !== undefined && locale !== 'simple')
    return `has the collation ${locale}: it takes different names for the same one`;
  if (options['expireAfterSeconds'] !== undefined) return 'deletes documents after a time (expireAfterSeconds)';
  const refuses = options['validator'] !== undefined && options['validationAction'] !== 'warn';
  if (refuses && !mayValidate) return VALIDATES;
  return undefined;
};

/** What a person does about it. A validator can be taken off; every other option stays with its collection. */
export const mendOf = (name: string, oddity: string): string =>
  oddity === VALIDATES
    ? `take it off with db.runCommand({ collMod: '${name}', validator: {} })`
    : 'rename or drop it, and the next start makes the right one, or set another MONGO_COLLECTION or MONGO_DB';
