import { sizeOfPart, sizeOfVarInt, type ByteWriter } from './byte.writer.ts';
import { crc32C, type ProducedPartition } from './kafkajs.protocol.ts';
import { forEachHeader, type LogRecord } from './log.record.ts';

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
  records: ProducedPartition;
  /** Of each record what follows its length, in bytes. */
  bodies: readonly number[];
}

export const sizedBatch = (records: ProducedPartition): SizedBatch => {
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
  const { key, value, headers = {} } = record;
  writer.varInt(body).int8(0).varInt(0).varInt(index).part(key).part(value);
  writer.varInt(forEachHeader(headers, () => undefined));
  forEachHeader(headers, (name, part) => writer.part(name).part(part));
};

const bodyBytesOf = ({ key, value, headers = {} }: LogRecord, index: number): number => {
  let bytes = RECORD_HEAD_BYTES + sizeOfVarInt(index) + sizeOfPart(key) + sizeOfPart(value);
  const count = forEachHeader(headers, (name, part) => (bytes += sizeOfPart(name) + sizeOfPart(part)));
  return bytes + sizeOfVarInt(count);
};
