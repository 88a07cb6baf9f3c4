import { DEFAULT_COLLECTION, DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import type { OwnSystem } from '@wiber/harness';

/** The system under test: the addresses and names that a reader outside the product needs. */
export interface Subject {
  kafka: string[];
  mongoUri: string;
  topic: string;
  group: string;
  database: string;
  collection: string;
  /** The members of the replica set. Each is read on its own. */
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
