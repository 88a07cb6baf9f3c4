import { Decoder, Encoder } from '../client/kafkajs.protocol.ts';
import {
  LOG_DIRS_KEY,
  LogDirsRefusedError,
  type BrokerLog,
  type LogDisk,
  type ReplicaSize,
} from './log-dirs.request.ts';

/**
 * The first version that tells the size of the disks: Kafka 3.3 and newer.
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-827
 */
const DESCRIBE_LOG_DIRS = { apiKey: LOG_DIRS_KEY, apiVersion: 4, apiName: 'DescribeLogDirs' } as const;

/**
 * The request in the flexible form of KIP-482: a length is one more than the number, and fields with tags end each structure, none
 * of which we send or read. kafkajs writes and reads the heads of the older form, so those of the heads are done here too.
 */
export const logDisksRequest = (topics: ReadonlyMap<string, readonly number[]>) => ({
  request: { ...DESCRIBE_LOG_DIRS, encode: async () => encoded(topics) },
  logResponseError: false,
  response: { decode: async (raw: Buffer) => decoded(raw), parse: async (log: BrokerLog) => log },
});

const NO_TAGS = 0;

const encoded = (topics: ReadonlyMap<string, readonly number[]>): Encoder => {
  const encoder = new Encoder().writeUVarInt(NO_TAGS).writeUVarInt(topics.size + 1);
  for (const [topic, partitions] of topics) {
    encoder.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
    for (const partition of partitions) encoder.writeInt32(partition);
    encoder.writeUVarInt(NO_TAGS);
  }
  return encoder.writeUVarInt(NO_TAGS);
};

const decoded = (raw: Buffer): BrokerLog => {
  const decoder = new Decoder(raw);
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle_time_ms
  refuse(decoder.readInt16());
  const folders = listOf(decoder, folderOf);
  return { copies: folders.flatMap(({ copies }) => copies), disk: fullestOf(folders.map(({ disk }) => disk)) };
};

const folderOf = (decoder: Decoder): { copies: ReplicaSize[]; disk: LogDisk } => {
  refuse(decoder.readInt16());
  decoder.readUVarIntString(); // log_dir
  const copies = listOf(decoder, copiesOf).flat();
  const disk = { bytes: Number(decoder.readInt64()), freeBytes: Number(decoder.readInt64()) };
  decoder.readTaggedFields();
  return { copies, disk };
};

const copiesOf = (decoder: Decoder): ReplicaSize[] => {
  const topic = decoder.readUVarIntString() ?? '';
  const copies = listOf(decoder, () => {
    const copy = { topic, partition: decoder.readInt32(), bytes: Number(decoder.readInt64()) };
    decoder.readInt64(); // offset_lag
    decoder.readInt8(); // is_future_key
    decoder.readTaggedFields();
    return copy;
  });
  decoder.readTaggedFields();
  return copies;
};

const listOf = <T>(decoder: Decoder, one: (decoder: Decoder) => T): T[] =>
  Array.from({ length: Math.max(0, decoder.readUVarInt() - 1) }, () => one(decoder));

const refuse = (code: number): void => {
  if (code !== 0) throw new LogDirsRefusedError(code);
};

/** Several folders may be on one disk, so their sizes can't be added. A size of -1 is not known. */
const fullestOf = (disks: readonly LogDisk[]): LogDisk | undefined =>
  disks
    .filter(({ bytes, freeBytes }) => bytes > 0 && freeBytes >= 0)
    .toSorted((a, b) => a.freeBytes / a.bytes - b.freeBytes / b.bytes)[0];
