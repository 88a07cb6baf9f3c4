import { Decoder, Encoder } from '../client/kafkajs.protocol.ts';

/** The log of the cluster's own metadata: who leads it is the controller (KIP-595). */
const METADATA_TOPIC = '__cluster_metadata';
/** https://kafka.apache.org/protocol#The_Messages_DescribeQuorum: version 0 is in each Kafka with KRaft. */
const DESCRIBE_QUORUM = { apiKey: 55, apiVersion: 0, apiName: 'DescribeQuorum' } as const;
/** Lists of this protocol are as long as their first number says, less one. */
const ONE = 2;

/** Thrown when a broker does not say who the controller is. */
export class QuorumRefusedError extends Error {
  override readonly name = 'QuorumRefusedError';

  /** @param code of https://kafka.apache.org/protocol#protocol_error_codes */
  constructor(code: number) {
    super(`the broker refuses to describe the quorum (${code}): the user needs Describe on the cluster`);
  }
}

/** The request, which kafkajs does not have, in the form in which its connections send one. */
export const quorumRequest = () => ({
  request: { ...DESCRIBE_QUORUM, encode: async () => encoded() },
  logResponseError: false,
  response: {
    decode: async (raw: Buffer) => ({ controller: controllerOf(raw) }),
    parse: async (found: unknown) => found,
  },
});

/** Each 0 ends a list of tagged fields: that of the head of the request, of the partition, of the topic and of the body. */
const encoded = (): Encoder =>
  new Encoder()
    .writeUVarInt(0)
    .writeUVarInt(ONE)
    .writeUVarIntString(METADATA_TOPIC)
    .writeUVarInt(ONE)
    .writeInt32(0)
    .writeUVarInt(0)
    .writeUVarInt(0)
    .writeUVarInt(0);

/** @returns undefined while nobody is the controller @throws QuorumRefusedError */
export const controllerOf = (raw: Buffer): number | undefined => {
  const decoder = new Decoder(raw);
  decoder.readTaggedFields(); // of the head of the answer
  const code = decoder.readInt16();
  if (code !== 0) throw new QuorumRefusedError(code);
  if (decoder.readUVarInt() < ONE) return undefined;
  decoder.readUVarIntString(); // topic_name
  if (decoder.readUVarInt() < ONE) return undefined;
  decoder.readInt32(); // partition_index
  const ofPartition = decoder.readInt16();
  if (ofPartition !== 0) throw new QuorumRefusedError(ofPartition);
  const leader = decoder.readInt32();
  return leader < 0 ? undefined : leader;
};
