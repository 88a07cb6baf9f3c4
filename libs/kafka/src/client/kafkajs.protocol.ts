import { createRequire } from 'node:module';
import type { LogRecord } from './log.record.ts';

/** Parts of the protocol of kafkajs 2.2.4. kafkajs does not export them. */
export interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readVarInt(): number;
  readUVarInt(): number;
  readUVarIntString(): string | null;
  /** Null when there are none. */
  readTaggedFields(): object | null;
  readVarLong(): { toString(): string };
  readVarIntString(): string | null;
  readVarIntBytes(): Buffer | null;
  canReadBytes(length: number): boolean;
  forward(length: number): void;
}

export interface Encoder {
  writeInt32(value: number): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeString(value: string): Encoder;
  writeUVarInt(value: number): Encoder;
  writeUVarIntString(value: string): Encoder;
}

interface FetchAnswer {
  decode: (rawData: Buffer) => Promise<unknown>;
}

/** The records of one partition in a request, and the place of the first in the sequence of the idempotent producer. */
export interface ProducedPartition {
  partition: number;
  firstSequence: number;
  messages: readonly (LogRecord & { timestamp?: string | number })[];
}

/** What kafkajs sends in one request to append, in its own names. */
export interface ProduceArguments {
  acks: number;
  /** Milliseconds. */
  timeout: number;
  /** The number of a codec; 0 is none. */
  compression: number;
  transactionalId?: string | null | undefined;
  producerId: string | number;
  producerEpoch: number;
  topicData: readonly { topic: string; partitions: readonly ProducedPartition[] }[];
}

/** Makes the request of a version and the reader of its answer. */
export type ProduceVersion = (call: ProduceArguments) => {
  request: { encode: () => Promise<{ buf: Buffer; buffer: Buffer }> };
  response: object;
};

/** Which topics kafkajs asks about, in its own names. */
export interface MetadataArguments {
  topics: readonly string[];
  allowAutoTopicCreation?: boolean;
}

/** What a broker says of topics, as it was decoded. */
export interface MetadataAnswer {
  readonly topicMetadata: readonly {
    readonly partitionMetadata: readonly { partitionErrorCode: number; readonly leader: number }[];
  }[];
}

export type MetadataVersion = (call: MetadataArguments) => {
  request: { encode: () => Promise<Encoder> };
  response: { parse: (answer: MetadataAnswer) => Promise<unknown> };
};

interface MetadataRequests {
  protocol: (of: { version: number | string }) => MetadataVersion;
}

interface ProduceRequests {
  protocol: (of: { version: number | string }) => ProduceVersion;
}

const load = createRequire(import.meta.url);

export const Decoder = load('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => Decoder;
export const Encoder = load('kafkajs/src/protocol/encoder.js') as new () => Encoder;
/** The newest version that kafkajs knows. Every broker since Kafka 2.3 answers in it. */
export const fetchAnswer = load('kafkajs/src/protocol/requests/fetch/v11/response.js') as FetchAnswer;
/** For messages in the formats before Kafka 0.11. */
export const decodeOldMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: Decoder,
) => Promise<unknown[]>;
/** The requests that append, by version. */
export const produceRequests = load('kafkajs/src/protocol/requests/produce/index.js') as ProduceRequests;
/** The requests that ask for brokers and topics, by version. */
export const metadataRequests = load('kafkajs/src/protocol/requests/metadata/index.js') as MetadataRequests;
/** The checksum of a batch: CRC-32C (RFC 3720, appendix B.4), unsigned. */
export const crc32C = load('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;
