import type { mongo } from 'mongoose';

/** The documents of a reply to find or aggregate that has them all in its first batch. With `fieldsAsRaw` they are bytes. */
export const batchOf = <T>(reply: mongo.Document): T[] => (reply as { cursor: { firstBatch: T[] } }).cursor.firstBatch;
