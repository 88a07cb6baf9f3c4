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

/**
 * Appends records to the topic of a system without any check: for records that cannot be stored. Each is appended once and
 * in the order of its partition. A broker may refuse a partition that it does not lead yet. kafkajs then repeats the whole
 * request, so each request has one partition, and the broker drops what a repeated request has twice.
 */
export const appendRaw = async (
  env: Record<string, string>,
  records: RawRecord[],
  compression: 'none' | 'zstd' = 'none',
): Promise<void> => {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers = '', KAFKA_TOPIC: topic = '' } = env;
  const producer = kafkaClient(brokers.split(',')).producer({ idempotent: true });
  await producer.connect();
  try {
    const partitions = Map.groupBy(records, ({ partition }) => partition).values();
    const sends = [...partitions].map((messages) =>
      producer.send({ topic, messages, compression: CODECS[compression] }),
    );
    await Promise.all(sends);
  } finally {
    await producer.disconnect();
  }
};
