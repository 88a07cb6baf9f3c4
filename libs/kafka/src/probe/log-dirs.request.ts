import { Decoder, Encoder } from '../client/kafkajs.protocol.ts';

/** What one copy of a partition takes on the disk of its broker. */
export interface ReplicaSize {
  topic: string;
  partition: number;
  bytes: number;
}

/** Thrown when a broker does not say what its copies take. */
export class LogDirsRefusedError extends Error {
  override readonly name = 'LogDirsRefusedError';

  /** @param code of https://kafka.apache.org/protocol#protocol_error_codes */
  constructor(code: number) {
    const advice = code === CLUSTER_AUTHORIZATION_FAILED ? ': the user needs Describe on the cluster' : '';
    super(`the broker refuses to describe its log folders (${code})${advice}`);
  }
}

const CLUSTER_AUTHORIZATION_FAILED = 31;
/** https://kafka.apache.org/protocol#The_Messages_DescribeLogDirs: version 1 is the oldest of Kafka 4 and in Kafka 2 and 3. */
const DESCRIBE_LOG_DIRS = { apiKey: 35, apiVersion: 1, apiName: 'DescribeLogDirs' } as const;

/** The request, which kafkajs does not have, in the form in which its connections send one. */
export const logDirsRequest = (topics: ReadonlyMap<string, readonly number[]>) => ({
  request: { ...DESCRIBE_LOG_DIRS, encode: async () => encoded(topics) },
  logResponseError: false,
  response: { decode: async (raw: Buffer) => decoded(raw), parse: async (sizes: ReplicaSize[]) => sizes },
});

const encoded = (topics: ReadonlyMap<string, readonly number[]>): Encoder => {
  const encoder = new Encoder().writeInt32(topics.size);
  for (const [topic, partitions] of topics) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const partition of partitions) encoder.writeInt32(partition);
  }
  return encoder;
};

/** A copy that moves to another folder is in both. @throws LogDirsRefusedError */
const decoded = (raw: Buffer): ReplicaSize[] => {
  const decoder = new Decoder(raw);
  decoder.readInt32(); // throttle_time_ms
  const sizes: ReplicaSize[] = [];
  let folders = decoder.readInt32();
  // Every broker has one. Before version 3 a refusal is an answer without any.
  if (folders === 0) throw new LogDirsRefusedError(CLUSTER_AUTHORIZATION_FAILED);
  for (; folders > 0; folders -= 1) {
    const code = decoder.readInt16();
    decoder.readString(); // log_dir
    if (code !== 0) throw new LogDirsRefusedError(code);
    for (let topics = decoder.readInt32(); topics > 0; topics -= 1) {
      const topic = decoder.readString();
      for (let partitions = decoder.readInt32(); partitions > 0; partitions -= 1) {
        sizes.push({ topic, partition: decoder.readInt32(), bytes: Number(decoder.readInt64()) });
        decoder.readInt64(); // offset_lag
        decoder.readInt8(); // is_future_key
      }
    }
  }
  return sizes;
};
