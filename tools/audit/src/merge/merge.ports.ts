import type { StoredMessage } from '@wiber/contracts';
import type { DocumentPages, LogRecord, StoredDocument } from '@wiber/evidence';
import type { ReportFinding } from './findings.ts';

/** What the dead-letter topic holds for one offset. */
export interface IndexedLetter {
  offset: number;
  /** Whether every dead letter of this offset has the key and the value of the record. */
  matches: (record: LogRecord) => boolean;
}

export interface MergePorts {
  documents: DocumentPages;
  /** The dead letters of the range in the order of offsets, each offset once. */
  letters: Iterator<IndexedLetter>;
  /** Every document that has one of these ids. */
  withIds: (messageIds: string[]) => Promise<StoredDocument[]>;
  /** The partition in which the audit first met a conversation. */
  homeOf: (conversationId: string, partition: number) => number;
  /** Called with each message that is stored at its place. */
  addStored: (message: StoredMessage) => void;
  report: ReportFinding;
}

export interface MergeRange {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

export interface MergeCounts {
  stored: number;
  deadLettered: number;
  repeats: number;
  gaps: number;
  /** Offsets without a record: Kafka leaves some out where a topic is compacted or written in transactions. */
  absent: number;
  /** Offsets that retention deleted during the audit. */
  cut: number;
}
