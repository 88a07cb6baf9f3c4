import { wallNow } from '@wiber/contracts';
import { produceRequests, type ProduceArguments, type ProduceVersion } from './kafkajs.protocol.ts';
import { ByteWriter } from './byte.writer.ts';
import { sizedBatch, writeBatch } from './record.batch.writer.ts';

/** From this version on a request has batches of the format 2, and looks the same up to version 8. */
const SINCE = 3;
const NO_COMPRESSION = 0;
/** Of the request: no transactional id, acks, the time-out and the number of topics. Of a topic: its length and its partitions. */
const REQUEST_BYTES = 2 + 2 + 4 + 4;
const TOPIC_BYTES = 2 + 4;
/** Of a partition: its number and the length of its batch. */
const PARTITION_BYTES = 4 + 4;

/**
 * Replaces kafkajs's encoder of what is appended. That of kafkajs 2.2.4 makes a zeroed buffer of 512 bytes for each record
 * and one for each of its headers, doubles buffers as they fill, and copies each batch five times. Here the size is
 * computed first, and each byte is written once. The bytes are the same.
 */
export const writeProduceRequestsOnce = (): void => {
  const { protocol } = produceRequests;
  produceRequests.protocol = ({ version }) => withEncoder(protocol({ version }), Number(version));
};

const withEncoder =
  (make: ProduceVersion, version: number): ProduceVersion =>
  (call) => {
    const made = make(call);
    if (version < SINCE || !isPlain(call)) return made;
    return { ...made, request: { ...made.request, encode: () => Promise.resolve(encodeProduce(call, wallNow())) } };
  };

/** Of what Wiber never asks for, kafkajs takes care itself. */
const isPlain = ({ compression, transactionalId, topicData }: ProduceArguments): boolean =>
  compression === NO_COMPRESSION &&
  (transactionalId ?? undefined) === undefined &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp === undefined)),
  );

/** Produce Request (Versions 3 to 8): https://kafka.apache.org/protocol#The_Messages_Produce */
export const encodeProduce = (call: ProduceArguments, nowMs: number): { buf: Buffer; buffer: Buffer } => {
  const by = { producerId: BigInt(String(call.producerId)), producerEpoch: call.producerEpoch, now: BigInt(nowMs) };
  const topics = call.topicData.map(({ topic, partitions }) => ({ topic, batches: partitions.map(sizedBatch) }));
  let size = REQUEST_BYTES;
  for (const { topic, batches } of topics) {
    size += TOPIC_BYTES + Buffer.byteLength(topic);
    for (const { bytes } of batches) size += PARTITION_BYTES + bytes;
  }
  const writer = new ByteWriter(size);
  writer.string(null).int16(call.acks).int32(call.timeout).int32(topics.length);
  for (const { topic, batches } of topics) {
    writer.string(topic).int32(batches.length);
    for (const batch of batches) {
      writer.int32(batch.records.partition).int32(batch.bytes);
      writeBatch(writer, batch, by);
    }
  }
  return { buf: writer.bytes, buffer: writer.bytes };
};
