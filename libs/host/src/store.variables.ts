import {
  COLLECTION_SUFFIXES,
  DEFAULT_COLLECTION,
  DEFAULT_DATABASE,
  FIXED_COLLECTIONS,
  isOwnCollection,
} from '@wiber/contracts';
import { READ_MODES, SAFE_STORE, type ReadPreference, type StoreSettings, type WriteConcern } from '@wiber/mongo';
import type { Setting } from './settings.reader.ts';

/** MongoDB's rule for names on every platform: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
const DATABASE = /^[^/\\. "$*<>:|?\0]+$/;
const DATABASE_BYTES = 63;
/** The databases of MongoDB itself. It takes no collection with a write concern of majority into `local`. */
const OWN_DATABASES = ['admin', 'config', 'local'];

export const databaseName = (variable: string): Setting<string> => ({
  variable,
  about: 'The database of messages and dead letters.',
  takes: `1 to ${DATABASE_BYTES} bytes without / \\ . " $ * < > : | ? and space, not one of ${OWN_DATABASES.join(', ')}`,
  default: DEFAULT_DATABASE,
  read: (text) => {
    if (!DATABASE.test(text) || Buffer.byteLength(text) > DATABASE_BYTES) return undefined;
    // MongoDB has no two databases whose names differ only in their case.
    return OWN_DATABASES.includes(text.toLowerCase()) ? undefined : text;
  },
});

/** A namespace has at most 255 bytes: up to 64 of the database, a dot, the collection and the longest suffix. */
const COLLECTION_BYTES = 180;
/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-Restriction-on-Collection-Names */
const COLLECTION = /^(?!system\.)(?!\.)(?!.*\.\.)(?!.*\.$)[^$\0]+$/;

/** Other collections have fixed names, or those of the messages with a suffix, so the messages need another one. */
export const collectionName = (variable: string): Setting<string> => ({
  variable,
  about: `The collection of the messages; those with the same name and ${COLLECTION_SUFFIXES.join(', ')} at its end belong to it.`,
  takes:
    `1 to ${COLLECTION_BYTES} bytes without $, no dot at an end and no two dots in a row, not starting with system., ` +
    `not ending with ${COLLECTION_SUFFIXES.join(', ')}, not one of ${FIXED_COLLECTIONS.join(', ')}`,
  default: DEFAULT_COLLECTION,
  read: (text) => {
    if (!COLLECTION.test(text) || Buffer.byteLength(text) > COLLECTION_BYTES) return undefined;
    return isOwnCollection(text) ? undefined : text;
  },
});

/** MongoDB's own limit: https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-Number-of-Members-of-a-Replica-Set */
const MEMBERS_MAX = 50;
const NAME = /^[A-Za-z][\w.-]{0,99}$/;
const TAG = /^([\w.-]{1,100})=([\w.-]{1,100})$/;

/** 0 is refused: no server confirms such a write, so ingest could not commit its offset. */
export const writeConcern = (variable: string): Setting<WriteConcern> => ({
  variable,
  about:
    'How many members must have a write in their journal before it counts as stored; an app warns unless it is majority.',
  takes: `majority, a number of members from 1 to ${MEMBERS_MAX}, or a name of the set's getLastErrorModes`,
  default: SAFE_STORE.writeConcern,
  read: (text) => {
    const members = Number(text);
    if (/^\d{1,2}$/.test(text)) return members >= 1 && members <= MEMBERS_MAX ? members : undefined;
    return NAME.test(text) ? text : undefined;
  },
});

const READS = READ_MODES.join(', ');

/** A mode such as `secondary`, or a mode with tags: `secondary:region=east,use=reads` reads from members with both tags. */
export const readPreference = (variable: string): Setting<ReadPreference> => ({
  variable,
  about: 'The members that answer reads. While none fits, a gateway is not ready.',
  takes: `one of ${READS}; after any but primary also tags, as in nearest:region=east,use=reads`,
  default: SAFE_STORE.readPreference,
  defaultText: SAFE_STORE.readPreference.mode,
  read: (text) => {
    const [name, ...rest] = text.split(':');
    const mode = READ_MODES.find((known) => known === name);
    if (!mode || rest.length > 1 || (mode === 'primary' && rest.length > 0)) return undefined;
    const tags: Record<string, string> = {};
    for (const tag of rest[0]?.split(',') ?? []) {
      const [, key, value] = TAG.exec(tag) ?? [];
      if (key === undefined || value === undefined) return undefined;
      tags[key] = value;
    }
    return { mode, tags };
  },
});

/** One warning for each setting that is weaker than its default. */
export const risksOf = ({ writeConcern: w, readConcern }: Pick<StoreSettings, 'writeConcern' | 'readConcern'>) => [
  ...(w === 'majority'
    ? []
    : [
        `MONGO_WRITE_CONCERN is ${w}, not majority: a message that was answered 201 and committed in the log may be ` +
          'rolled back by MongoDB when its primary fails, and is then only in the log',
      ]),
  ...(readConcern === 'majority'
    ? []
    : [
        'MONGO_READ_CONCERN is local, not majority: a page may show messages that MongoDB rolls back when its primary ' +
          'fails; they are stored again later, so a page may lose them for a while',
      ]),
];
