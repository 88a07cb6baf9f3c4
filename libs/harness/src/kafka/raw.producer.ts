import { zstdCompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { kafkaClient } from './kafka.client.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const CODECS = { none: CompressionTypes.None, zstd: CompressionTypes.ZSTD } as const;
// kafkajs brings no codec for zstd.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer),
  decompress: () => Promise.reject(new Error('this codec only compresses')),
});

export interface RawRecord {
  key: string | Buffer | null;
  partition: number;
  value: Buffer | null;
  headers?: Record<string, string | Buffer>;
}

/** Appends records to the topic of a system without any check: for records that cannot be stored. */
export const appendRaw = async (
  env: Record<string, string>,
  messages: RawRecord[],
  compression: 'none' | 'zstd' = 'none',
): Promise<void> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  const producer = kafkaClient(brokers.split(',')).producer();
  await producer.connect();
  await producer.send({ topic, messages, compression: CODECS[compression] });
  await producer.disconnect();
};
