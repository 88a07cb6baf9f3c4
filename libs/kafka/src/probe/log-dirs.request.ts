import { Decoder, Encoder } from '../client/kafkajs.protocol.ts';

/** What one copy of a partition takes on the disk of its broker. */
export interface ReplicaSize {
  topic: string;
  partition: number;
  bytes: number;
}

/** The disk of a log folder of a broker. */
export interface LogDisk {
  bytes: number;
  /** What the broker may still write. */
  freeBytes: number;
}

/** What one broker says of its log. */
export interface BrokerLog {
  copies: ReplicaSize[];
  /** That of its fullest folder; undefined where the broker does not tell it. */
  disk?: LogDisk | undefined;
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
/** The number of the request in the protocol. */
export const LOG_DIRS_KEY = 35;
/** https://kafka.apache.org/protocol#The_Messages_DescribeLogDirs: version 1 is the oldest of Kafka 4 and in Kafka 2 and 3. */
const DESCRIBE_LOG_DIRS = { apiKey: LOG_DIRS_KEY, apiVersion: 1, apiName: 'DescribeLogDirs' } as const;

/** The request, which kafkajs does not have, in the form in which its connections send one. */
export const logDirsRequest = (topics: ReadonlyMap<string, readonly number[]>) => ({
  request: { ...DESCRIBE_LOG_DIRS, encode: async () => encoded(topics) },
  logResponseError: false,
  response: { decode: async (raw: Buffer) => decoded(raw), parse: async (log: BrokerLog) => log },
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
const decoded = (raw: Buffer): BrokerLog => {
  const decoder = new Decoder(raw);
  decoder.readInt32(); // throttle_time_ms
  const copies: ReplicaSize[] = [];
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
        copies.push({ topic, partition: decoder.readInt32(), bytes: Number(decoder.readInt64()) });
        decoder.readInt64(); // offset_lag
        decoder.readInt8(); // is_future_key
      }
    }
  }
  return { copies };
};
