import { createRequire } from 'node:module';

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
  readVarLong(): { toString(): string };
  readVarIntString(): string | null;
  readVarIntBytes(): Buffer | null;
  canReadBytes(length: number): boolean;
  forward(length: number): void;
}

export interface Encoder {
  writeInt32(value: number): Encoder;
  writeString(value: string): Encoder;
}

interface FetchAnswer {
  decode: (rawData: Buffer) => Promise<unknown>;
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
