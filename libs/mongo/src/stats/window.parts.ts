import type { mongo } from 'mongoose';
import { COUNT, SAMPLE, SAMPLE_SIZE, type Span } from '@wiber/contracts';

/** The part of a window's figures that is read; the others are missing from the answer. */
export type WindowPart = 'records' | 'bytes' | 'counts' | 'users' | 'conversations' | 'all';

interface PartPolicy {
  /** The fields that are read. */
  projection: mongo.Document;
  /** How many documents one query should read: partitions times windows. */
  documents: number;
  /** About the size of one document in BSON, at most. */
  bytes: (span: Span) => number;
}

/** A key and what stands around the figures. */
const FRAME_BYTES = 200;
/** A name such as latency_b240 and its number. */
const COUNTS_BYTES = 250 * 26;
/** An element of an array: its index as text, and its number. */
const HASH_BYTES = 14;

const frame = () => FRAME_BYTES;
const sample = (span: Span) => FRAME_BYTES + SAMPLE_SIZE[span] * HASH_BYTES;

export const PARTS: Readonly<Record<WindowPart, PartPolicy>> = {
  records: { projection: { [`counts.${COUNT.records}`]: 1 }, documents: 20_000, bytes: frame },
  bytes: { projection: { [`counts.${COUNT.bytes}`]: 1 }, documents: 20_000, bytes: frame },
  counts: { projection: { counts: 1 }, documents: 5000, bytes: () => FRAME_BYTES + COUNTS_BYTES },
  users: { projection: { [`samples.${SAMPLE.users}`]: 1 }, documents: 2000, bytes: sample },
  conversations: { projection: { [`samples.${SAMPLE.conversations}`]: 1 }, documents: 2000, bytes: sample },
  all: {
    projection: { counts: 1, samples: 1 },
    documents: 1000,
    bytes: (span) => COUNTS_BYTES + 2 * sample(span),
  },
};

/** How many windows of a topic one query should ask for. */
export const windowsAtOnce = (part: WindowPart, partitions: number): number =>
  Math.max(1, Math.floor(PARTS[part].documents / Math.max(1, partitions)));
