import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import type { OwnSystem } from '@wiber/harness';

/** What a run is made on, as whoever looks at it from outside needs it. */
export interface Subject {
  kafka: string[];
  mongoUri: string;
  topic: string;
  group: string;
  database: string;
  collection: string;
  /** Each member of the replica set, to be asked by itself. */
  members: { id: string; address: string }[];
}

export const subjectOf = ({ kafka, mongoUri, run }: OwnSystem): Subject => ({
  kafka,
  mongoUri,
  topic: DEFAULT_TOPIC,
  group: DEFAULT_CONSUMER_GROUP,
  database: DEFAULT_DATABASE,
  collection: DEFAULT_COLLECTION,
  members: run.mongo,
});
