import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { UnreadableBatchError } from '../kafka.errors.ts';
import type { Decoder } from './kafkajs.protocol.ts';
import { Decoder as KafkaDecoder } from './kafkajs.protocol.ts';
import { NO_HEADERS, addHeader, type RecordHeaders } from './record.headers.ts';

/** A record as the consumer of kafkajs expects it. */
export interface FetchedRecord {
  magicByte: number;
  attributes: number;
  /** Milliseconds since the epoch. */
  timestamp: string;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeaders;
  isControlRecord: boolean;
  batchContext: BatchContext;
  /** Set on the one record that stands for a whole batch that can't be decoded. */
  unreadable?: UnreadableBatchError;
}

/** The head of a batch: https://kafka.apache.org/documentation/#recordbatch */
export interface BatchContext {
  magic: number;
  firstOffset: bigint;
  lastOffsetDelta: number;
  attributes: number;
  firstTimestamp: bigint;
  maxTimestamp: string;
  producerId: string;
  inTransaction: boolean;
  isControlBatch: boolean;
  /** The first offset that the partition held when it was fetched. */
  logStartOffset: number;
}

/** What one answer may still decompress, in bytes. A small batch can hold gigabytes. */
export interface InflateBudget {
  left: number;
}

/** Bytes of one decompressed batch, and records of a batch. A larger batch is unreadable. */
export const INFLATED_MAX = 64 * 1024 * 1024;
export const RECORDS_MAX = 1_000_000;

const MAGIC = 2;
const CODEC_MASK = 0x07;
export const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const GZIP = 1;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
/** A header takes two bytes at least: the lengths of its name and of its value. */
const HEADER_BYTES = 2;

const inflate = promisify(unzip);

/** Reads the head of a batch; the decoder stands behind the batch's length afterwards. */
export const readBatchHead = (decoder: Decoder, firstOffset: bigint, logStartOffset: number): BatchContext => {
  decoder.forward(4); // the leader's epoch
  const magic = decoder.readInt8();
  decoder.forward(4); // the checksum, which the broker has checked
  const attributes = decoder.readInt16();
  const lastOffsetDelta = decoder.readInt32();
  const firstTimestamp = decoder.readInt64();
  const maxTimestamp = decoder.readInt64().toString();
  const producerId = decoder.readInt64().toString();
  decoder.forward(6); // the producer's epoch and first sequence number
  const inTransaction = (attributes & TRANSACTIONAL) !== 0;
  const isControlBatch = (attributes & CONTROL) !== 0;
  const times = { firstTimestamp, maxTimestamp };
  const flags = { attributes, inTransaction, isControlBatch };
  return { magic, firstOffset, lastOffsetDelta, ...times, ...flags, producerId, logStartOffset };
};

/** @throws UnreadableBatchError */
export const readRecords = async (
  decoder: Decoder,
  context: BatchContext,
  budget: InflateBudget,
): Promise<FetchedRecord[]> => {
  if (context.magic !== MAGIC)
    throw new UnreadableBatchError(`the batch has the format ${context.magic}, not ${MAGIC}`);
  const count = decoder.readInt32();
  if (count < 0 || count > RECORDS_MAX)
    throw new UnreadableBatchError(`the batch says it has ${count} records; ingest reads at most ${RECORDS_MAX}`);
  const source = await plainRecords(decoder, context, budget);
  const records: FetchedRecord[] = [];
  for (let index = 0; index < count; index += 1) records.push(readRecord(source, context));
  return records;
};

const plainRecords = async (
  decoder: Decoder,
  { attributes }: BatchContext,
  budget: InflateBudget,
): Promise<Decoder> => {
  const codec = attributes & CODEC_MASK;
  if (codec === 0) return decoder;
  if (codec !== GZIP) throw new UnreadableBatchError(`kafkajs has no codec for ${CODECS[codec] ?? `codec ${codec}`}`);
  const packed = decoder.buffer.subarray(decoder.offset);
  const plain = await inflate(packed, { maxOutputLength: INFLATED_MAX });
  budget.left -= plain.length;
  return new KafkaDecoder(plain);
};

/** https://kafka.apache.org/documentation/#record */
const readRecord = (decoder: Decoder, context: BatchContext): FetchedRecord => {
  const length = decoder.readVarInt();
  const end = decoder.offset + length;
  if (length < 0 || end > decoder.buffer.length) throw new UnreadableBatchError('a record ends behind its batch');
  const attributes = decoder.readInt8();
  const delta = decoder.readVarLong();
  const offset = String(context.firstOffset + BigInt(decoder.readVarInt()));
  const isAppendTime = (context.attributes & LOG_APPEND_TIME) !== 0;
  const record = {
    magicByte: MAGIC,
    attributes,
    timestamp: isAppendTime ? context.maxTimestamp : String(context.firstTimestamp + BigInt(delta.toString())),
    offset,
    key: decoder.readVarIntBytes(),
    value: decoder.readVarIntBytes(),
    headers: readHeaders(decoder, end),
    isControlRecord: context.isControlBatch,
    batchContext: context,
  };
  if (decoder.offset !== end) throw new UnreadableBatchError('a record does not end where its length says');
  return record;
};

const readHeaders = (decoder: Decoder, end: number): RecordHeaders => {
  const count = decoder.readVarInt();
  if (count === 0) return NO_HEADERS;
  if (count < 0 || count > (end - decoder.offset) / HEADER_BYTES)
    throw new UnreadableBatchError(`a record says it has ${count} headers`);
  const headers = Object.create(null) as RecordHeaders;
  for (let index = 0; index < count; index += 1)
    addHeader(headers, decoder.readVarIntString() ?? '', decoder.readVarIntBytes());
  return headers;
};

/** The record that stands for a batch that can't be decoded. */
export const unreadableRecord = (context: BatchContext, cause: UnreadableBatchError): FetchedRecord => ({
  ...standIn(context),
  unreadable: cause,
});

/** The record that stands for a batch of an aborted transaction: kafkajs goes on behind a control record and shows none. */
export const abortedRecord = (context: BatchContext): FetchedRecord => ({ ...standIn(context), isControlRecord: true });

/** A record without key and value, at the batch's last offset. */
const standIn = (context: BatchContext): FetchedRecord => ({
  magicByte: MAGIC,
  attributes: 0,
  timestamp: context.maxTimestamp,
  offset: String(context.firstOffset + BigInt(context.lastOffsetDelta)),
  key: null,
  value: null,
  headers: NO_HEADERS,
  isControlRecord: false,
  batchContext: { ...context, inTransaction: false },
});
