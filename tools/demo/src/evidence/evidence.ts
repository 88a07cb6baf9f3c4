import type { LogPosition } from '@wiber/contracts';

/** A record of the log. One that is no message has no id, no conversation and no content. */
export interface LogRow extends LogPosition {
  messageId?: string;
  content?: string;
  /** When the broker appended it, in milliseconds since the epoch. */
  appendedAt: number;
  /** Of its value. */
  bytes: number;
  key: string | undefined;
}

/** A document of the store. Its place is that of the record from which it was stored. */
export interface StoredRow extends LogPosition {
  messageId: string;
  conversationId: string;
  content: string;
  /** Of the gateway and of ingest, in milliseconds since the epoch. */
  timestamp: number;
  storedAt: number;
}

/** What a run left behind, as readers see it that use none of the code under test. */
export interface Evidence {
  log: LogRow[];
  stored: StoredRow[];
  /** Documents that hold no message, and why. */
  damaged: string[];
  deadLetters: LogPosition[];
  /** For each member of the replica set: message id to a digest of the document. */
  members: Map<string, Map<string, string>>;
}
