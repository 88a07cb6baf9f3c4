import { createHash } from 'node:crypto';

/** A record as the log holds it. */
export interface LogRecord {
  offset: number;
  /** Milliseconds since the epoch: when the broker appended it, on a topic with LogAppendTime; else the producer's time. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, unknown>> | undefined;
}

interface KeyAndValue {
  key: Buffer | string | null;
  value: Buffer | string | null;
}

/** SHA-256 of key and value. Their lengths are hashed too, so that a missing value differs from an empty one. */
export const digestOfRecord = ({ key, value }: KeyAndValue): Buffer => {
  const hash = createHash('sha256');
  for (const part of [key, value]) {
    const bytes = part === null ? undefined : Buffer.from(part);
    hash.update(`${bytes?.length ?? 'null'}/`).update(bytes ?? '');
  }
  return hash.digest();
};
