import { UnreadableBatchError } from '../kafka.errors.ts';
import { AbortedBatches, type AbortedTransaction } from './aborted.batches.ts';
import { publishFetched } from './fetched.offsets.ts';
import { Decoder, decodeOldMessages, fetchAnswer } from './kafkajs.protocol.ts';
import {
  INFLATED_MAX,
  abortedRecord,
  readBatchHead,
  readRecords,
  unreadableRecord,
  type BatchContext,
  type FetchedRecord,
  type InflateBudget,
} from './record.batch.ts';

/** Offset and length of a batch, in bytes. */
const BATCH_PREFIX = 12;
/** Where the format stands in a batch and in an older message: byte 16 of both. */
const MAGIC_AT = 16;
const MAGIC = 2;

/**
 * Replaces kafkajs's decoder of what a broker answers to a fetch. That of kafkajs 2.2.4 fails as a whole, for all
 * partitions and again at each try, when one batch has a codec that it lacks, more than about 100,000 records, or any
 * fault; it needs seconds for a record with many headers; and it makes wrong values of headers that are named like a
 * property of Object.prototype. Here an unreadable batch is one record, which says so, of its own partition. Records of
 * aborted transactions are left out here, because the filter of kafkajs lets some of them through.
 */
export const readFetchesSafely = (): void => {
  fetchAnswer.decode = decodeFetch;
};

/** Fetch Response (Version: 11): https://kafka.apache.org/protocol#The_Messages_Fetch */
export const decodeFetch = async (rawData: Buffer) => {
  const decoder = new Decoder(rawData);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const budget = { left: INFLATED_MAX };
  const responses = await readArray(decoder, async () => {
    const topicName = decoder.readString();
    const partitions = await readArray(decoder, () => readPartition(decoder, budget));
    publishFetched(topicName, partitions);
    return { topicName, partitions };
  });
  // As kafkajs: the broker did not delay this answer, and it is the client that must wait.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
};

const readArray = async <T>(decoder: Decoder, read: () => T | Promise<T>): Promise<T[]> => {
  const length = decoder.readInt32();
  const items: T[] = [];
  for (let index = 0; index < length; index += 1) items.push(await read());
  return items;
};

const readPartition = async (decoder: Decoder, budget: InflateBudget) => {
  const partition = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const highWatermark = decoder.readInt64().toString();
  const lastStableOffset = decoder.readInt64().toString();
  const logStart = decoder.readInt64();
  const aborted = await readArray(decoder, (): AbortedTransaction => {
    const producerId = decoder.readInt64().toString();
    return { producerId, firstOffset: decoder.readInt64() };
  });
  const preferredReadReplica = decoder.readInt32();
  const messages = await readMessages(decoder, { logStart: Number(logStart), budget, aborted });
  const lastStartOffset = logStart.toString();
  const offsets = { highWatermark, lastStableOffset, lastStartOffset };
  // No aborted transaction is left for the filter of kafkajs.
  return { partition, errorCode, ...offsets, abortedTransactions: [], preferredReadReplica, messages };
};

interface FetchedPartition {
  logStart: number;
  budget: InflateBudget;
  aborted: readonly AbortedTransaction[];
}

const readMessages = async (decoder: Decoder, fetched: FetchedPartition): Promise<unknown[]> => {
  const start = decoder.offset;
  const size = decoder.readInt32();
  if (size <= 0 || !decoder.canReadBytes(size)) return [];
  const bytes = decoder.buffer.subarray(decoder.offset, decoder.offset + size);
  if (size > MAGIC_AT && bytes.readInt8(MAGIC_AT) < MAGIC) {
    decoder.offset = start;
    return decodeOldMessages(decoder);
  }
  decoder.forward(size);
  return readBatches(bytes, fetched);
};

/** Reads up to the first batch that is incomplete or can't be decoded. Only when that is the first does it stand alone. */
const readBatches = async (
  bytes: Buffer,
  { logStart, budget, aborted: transactions }: FetchedPartition,
): Promise<FetchedRecord[]> => {
  const records: FetchedRecord[] = [];
  const aborted = new AbortedBatches(transactions);
  for (let at = 0; at + BATCH_PREFIX <= bytes.length && budget.left > 0;) {
    const firstOffset = bytes.readBigInt64BE(at);
    const end = at + BATCH_PREFIX + bytes.readInt32BE(at + 8);
    // The broker cuts its answer at a number of bytes; the rest comes with the next one.
    if (end > bytes.length || end <= at) break;
    const batch = new Decoder(bytes.subarray(at + BATCH_PREFIX, end));
    let head: BatchContext | undefined;
    try {
      head = readBatchHead(batch, firstOffset, logStart);
      if (aborted.has(head)) records.push(abortedRecord(head));
      else
        for (const record of await readRecords(batch, head, budget)) {
          aborted.endAt(record);
          records.push(record);
        }
    } catch (error) {
      if (records.length > 0) break;
      return [unreadableRecord(head ?? unknownHead(firstOffset, logStart), unreadable(error))];
    }
    at = end;
  }
  return records;
};

const unreadable = (error: unknown): UnreadableBatchError =>
  error instanceof UnreadableBatchError
    ? error
    : new UnreadableBatchError(`the batch can't be decoded: ${(error as Error).message}`, { cause: error });

/** Its last offset is not known. This one is behind every offset that the batch can have: kafkajs drops smaller ones. */
const unknownHead = (firstOffset: bigint, logStartOffset: number): BatchContext => ({
  magic: -1,
  firstOffset,
  lastOffsetDelta: 0x7fff_ffff,
  attributes: 0,
  firstTimestamp: 0n,
  maxTimestamp: '0',
  producerId: '-1',
  inTransaction: false,
  isControlBatch: false,
  logStartOffset,
});
