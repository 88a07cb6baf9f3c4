import { crc32C } from './kafkajs.protocol.ts';
import { sizeOfPart, sizeOfVarInt, type ByteWriter, type Part } from './byte.writer.ts';
import type { LogRecord } from './log.record.ts';

/** The records of one partition in a request, and the place of the first in the sequence of the idempotent producer. */
export interface PartitionRecords {
  partition: number;
  firstSequence: number;
  messages: readonly LogRecord[];
}

export interface BatchProducer {
  producerId: bigint;
  producerEpoch: number;
  /** In milliseconds since the epoch. A topic with LogAppendTime replaces it. */
  now: bigint;
}

/** All of a batch before its records: https://kafka.apache.org/documentation/#recordbatch */
const HEAD_BYTES = 61;
/** What the length of a batch does not count: the base offset and the length itself. */
const UNCOUNTED_BYTES = 12;
/** Where the bytes begin that the checksum is of. */
const CHECKED_AT = 21;
const CRC_AT = 17;
const MAGIC = 2;
/** Attributes and the difference of time, which are 0. */
const RECORD_HEAD_BYTES = 2;

/** A batch whose size is known. */
export interface SizedBatch {
  bytes: number;
  records: PartitionRecords;
  /** Of each record what follows its length, in bytes. */
  bodies: readonly number[];
}

export const sizedBatch = (records: PartitionRecords): SizedBatch => {
  const bodies = records.messages.map(bodyBytesOf);
  let bytes = HEAD_BYTES;
  for (const body of bodies) bytes += sizeOfVarInt(body) + body;
  return { bytes, records, bodies };
};

/** Writes an uncompressed batch of the format 2. All of its records have the same time. */
export const writeBatch = (writer: ByteWriter, batch: SizedBatch, by: BatchProducer): void => {
  const { firstSequence, messages } = batch.records;
  const start = writer.at;
  writer.int64(0n);
  writer.int32(batch.bytes - UNCOUNTED_BYTES);
  writer.int32(0).int8(MAGIC).int32(0).int16(0);
  writer.int32(messages.length - 1);
  writer.int64(by.now).int64(by.now);
  writer.int64(by.producerId).int16(by.producerEpoch).int32(firstSequence);
  writer.int32(messages.length);
  for (const [index, record] of messages.entries()) writeRecord(writer, record, { index, body: batch.bodies[index]! });
  const { bytes } = writer;
  bytes.writeUInt32BE(crc32C(bytes.subarray(start + CHECKED_AT, writer.at)), start + CRC_AT);
};

const writeRecord = (writer: ByteWriter, record: LogRecord, { index, body }: { index: number; body: number }): void => {
  writer.varInt(body).int8(0).varInt(0).varInt(index);
  writer.part(record.key).part(record.value);
  const { headers = {} } = record;
  writer.varInt(countOf(headers));
  for (const name in headers) {
    const value = headers[name]!;
    if (Array.isArray(value)) for (const one of value) writer.part(name).part(one);
    else writer.part(name).part(value);
  }
};

const bodyBytesOf = ({ key, value, headers = {} }: LogRecord, index: number): number => {
  let bytes = RECORD_HEAD_BYTES + sizeOfVarInt(index) + sizeOfPart(key) + sizeOfPart(value);
  bytes += sizeOfVarInt(countOf(headers));
  for (const name in headers) {
    const named = sizeOfPart(name);
    const value = headers[name]!;
    if (Array.isArray(value)) for (const one of value) bytes += named + sizeOfPart(one);
    else bytes += named + sizeOfPart(value);
  }
  return bytes;
};

const countOf = (headers: Readonly<Record<string, Part | readonly Part[]>>): number => {
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    count += Array.isArray(value) ? value.length : 1;
  }
  return count;
};
