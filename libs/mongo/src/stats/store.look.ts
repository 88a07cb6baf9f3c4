import { mongo } from 'mongoose';
import {
  LISTED_REASONS,
  type CollectionSizeDto,
  type OpenLettersDto,
  type ReplicaSetDto,
  type StoreDiskDto,
  type StoreMemberDto,
} from '@wiber/contracts';
import type { StoreConnection } from '../connection/store.connection.ts';
import { LETTERS_BY_REASON, LETTERS_BY_STATE, type DeadLetterDocument } from '../dead-letters/dead-letter.schema.ts';

/** Open letters of one reason that are counted at most. */
const OPEN_MAX = 10_000;
const OPEN_STATES = ['waiting', 'replaying'] as const;
const PRIMARY = { readPreference: mongo.ReadPreference.primary } as const;
const UNAUTHORIZED = 13;
const NAMESPACE_NOT_FOUND = 26;

/** Thrown when the user of MONGO_URI may not see a part of the store. It is no outage, so no breaker counts it. */
export class LookRefusedError extends Error {
  override readonly name = 'LookRefusedError';
}

/** Thrown when MongoDB does not say what its disk has. */
export class NoDiskError extends Error {
  override readonly name = 'NoDiskError';
}

export interface StoreLookPorts {
  connection: StoreConnection;
  collections: () => mongo.Collection<mongo.Document>[];
  deadLetters: () => mongo.Collection<DeadLetterDocument>;
}

/** Looks at the servers of the store, for people. Each time is in milliseconds. */
export class StoreLook {
  private readonly ports: StoreLookPorts;

  constructor(ports: StoreLookPorts) {
    this.ports = ports;
  }

  /** @throws StoreUnavailableError, LookRefusedError */
  replicaSet(withinMs: number): Promise<ReplicaSetDto> {
    const { connection } = this.ports;
    const ask = () => connection.db.admin().command({ replSetGetStatus: 1, maxTimeMS: withinMs }, PRIMARY);
    return this.look('clusterMonitor', withinMs, async () => replicaSetOf((await ask()) as Status));
  }

  /** A collection that is missing is left out. @throws StoreUnavailableError, LookRefusedError */
  sizes(withinMs: number): Promise<CollectionSizeDto[]> {
    return this.look('readWrite', withinMs, async () => {
      const found = await Promise.all(this.ports.collections().map((collection) => sizeOf(collection, withinMs)));
      return found.filter((size) => size !== undefined);
    });
  }

  /** The disk of the primary, or of the shards together. @throws StoreUnavailableError, LookRefusedError */
  disk(withinMs: number): Promise<StoreDiskDto> {
    const { connection } = this.ports;
    return this.look('readWrite', withinMs, async () => {
      const stats = await connection.db.command({ dbStats: 1, maxTimeMS: withinMs }, PRIMARY);
      return diskOf(stats);
    });
  }

  /** @param dlqTopic the dead-letter topic @throws StoreUnavailableError, LookRefusedError */
  openLetters(dlqTopic: string, withinMs: number): Promise<OpenLettersDto> {
    const options = { ...PRIMARY, hint: LETTERS_BY_REASON, limit: OPEN_MAX, maxTimeMS: withinMs };
    return this.look('readWrite', withinMs, async () => {
      const counts = await Promise.all(
        LISTED_REASONS.map((reason) => {
          const filter = { 'dlq.topic': dlqTopic, reason, state: { $in: [...OPEN_STATES] } };
          return this.ports.deadLetters().countDocuments(filter, options);
        }),
      );
      const reasons = LISTED_REASONS.map((reason, index) => ({ reason, count: counts[index]! }));
      return {
        open: counts.reduce((sum, count) => sum + count, 0),
        isExact: counts.every((count) => count < OPEN_MAX),
        reasons: reasons.filter(({ count }) => count > 0),
      };
    });
  }

  /** How many letters are open, up to OPEN_MAX: one count over an index. @throws as `openLetters` */
  countOpen(dlqTopic: string, withinMs: number): Promise<number> {
    const options = { ...PRIMARY, hint: LETTERS_BY_STATE, limit: OPEN_MAX, maxTimeMS: withinMs };
    const filter = { 'dlq.topic': dlqTopic, state: { $in: [...OPEN_STATES] } };
    return this.look('readWrite', withinMs, () => this.ports.deadLetters().countDocuments(filter, options));
  }

  private look<T>(role: string, withinMs: number, ask: () => Promise<T>): Promise<T> {
    return this.ports.connection.run(async () => {
      try {
        return await ask();
      } catch (error) {
        if (codeOf(error) !== UNAUTHORIZED) throw error;
        throw new LookRefusedError(`MongoDB refuses it (13): the user of MONGO_URI needs the role ${role}`, {
          cause: error,
        });
      }
    }, withinMs);
  }
}

const sizeOf = async (
  collection: mongo.Collection<mongo.Document>,
  maxTimeMS: number,
): Promise<CollectionSizeDto | undefined> => {
  const fields = { count: 1, size: 1, storageSize: 1, indexSizes: 1 };
  const pipeline = [{ $collStats: { storageStats: {} } }, { $replaceWith: '$storageStats' }, { $project: fields }];
  try {
    const [stats = {}] = await collection.aggregate(pipeline, { ...PRIMARY, maxTimeMS }).toArray();
    const indexes = Object.entries((stats['indexSizes'] ?? {}) as Record<string, number>);
    return {
      collection: collection.collectionName,
      documents: Number(stats['count'] ?? 0),
      bytes: Number(stats['size'] ?? 0),
      storedBytes: Number(stats['storageSize'] ?? 0),
      indexes: indexes.map(([index, bytes]) => ({ index, bytes: Number(bytes) })),
    };
  } catch (error) {
    if (codeOf(error) === NAMESPACE_NOT_FOUND) return undefined;
    throw error;
  }
};

/** https://www.mongodb.com/docs/manual/reference/command/dbStats/ */
const diskOf = ({ fsTotalSize, fsUsedSize }: mongo.Document): StoreDiskDto => {
  const [bytes, used] = [Number(fsTotalSize), Number(fsUsedSize)];
  // An in-memory storage engine, and a database that nothing was written to, have no files.
  if (!(bytes > 0 && used >= 0)) throw new NoDiskError('MongoDB does not tell the size of its disk');
  return { bytes, freeBytes: Math.max(0, bytes - used) };
};

const codeOf = (error: unknown): number | undefined =>
  error instanceof mongo.MongoServerError ? Number(error.code) : undefined;

/** https://www.mongodb.com/docs/manual/reference/command/replSetGetStatus/ */
interface Status {
  set: string;
  members: { name: string; stateStr: string; health: number; optimeDate?: Date }[];
}

const replicaSetOf = ({ set, members }: Status): ReplicaSetDto => {
  const primary = members.find(({ stateStr }) => stateStr === 'PRIMARY')?.optimeDate?.getTime();
  return {
    name: set,
    members: members.map(({ name, stateStr, health, optimeDate }): StoreMemberDto => {
      const own = optimeDate?.getTime() ?? 0;
      // An arbiter has no oplog, and of a member that is down the time is 1970.
      const lag = primary === undefined || own === 0 ? {} : { lagMs: Math.max(0, primary - own) };
      return { member: name, state: stateStr, isHealthy: health === 1, ...lag };
    }),
  };
};
