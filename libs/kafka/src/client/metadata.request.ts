import type { BrokerPool, OffsetsCluster } from './kafkajs.internals.ts';
import {
  Encoder,
  metadataRequests,
  type MetadataAnswer,
  type MetadataArguments,
  type MetadataVersion,
} from './kafkajs.protocol.ts';

/** Error codes of Kafka: https://kafka.apache.org/protocol#protocol_error_codes */
const NO_ERROR = 0;
/** LEADER_NOT_AVAILABLE, and LISTENER_NOT_FOUND: the leader has no address for this client. */
const OF_NO_LEADER = new Set([5, 72]);

/** Instead of names of topics: asks for the brokers alone. */
export const NO_TOPICS: string[] = [];
Object.freeze(NO_TOPICS);

const NO_LEADER = -1;

/** Before it, an empty list of topics asks for all of them. */
const SINCE = 1;
const HAS_AUTO_CREATION_SINCE = 4;

/**
 * kafkajs 2.2.4 takes an answer about topics for a failure when any partition in it has no leader: then a client has no leader of
 * any partition. And a client that has no topic yet, as each producer before its first send, asks for all topics of the cluster,
 * however many. So one partition without a leader, of a topic of another program even, kept every partition from
 * being written. Here a partition without a leader has the leader -1, and who has no topic asks for none.
 */
export const takeTopicsAsTheyAre = (pool: BrokerPool): void => {
  const { refreshMetadata } = pool;
  pool.refreshMetadata = function (this: BrokerPool, topics) {
    return refreshMetadata.call(this, topics.length === 0 ? NO_TOPICS : topics);
  };
  const { protocol } = metadataRequests;
  metadataRequests.protocol = ({ version }) => withMends(protocol({ version }), Number(version));
};

const withMends =
  (make: MetadataVersion, version: number): MetadataVersion =>
  (call) => {
    const { request, response } = make(call);
    const isNone = call.topics === NO_TOPICS && version >= SINCE;
    return {
      request: isNone ? { ...request, encode: () => Promise.resolve(encodeNone(call, version)) } : request,
      response: { ...response, parse: (answer) => response.parse(withoutLeaderErrors(answer)) },
    };
  };

/** Changes an answer that was just decoded and that nobody else has. */
const withoutLeaderErrors = (answer: MetadataAnswer): MetadataAnswer => {
  for (const { partitionMetadata } of answer.topicMetadata)
    for (const partition of partitionMetadata)
      if (partition.leader === NO_LEADER && OF_NO_LEADER.has(partition.partitionErrorCode))
        partition.partitionErrorCode = NO_ERROR;
  return answer;
};

/** Metadata Request (Versions 1 to 6): https://kafka.apache.org/protocol#The_Messages_Metadata */
const encodeNone = ({ allowAutoTopicCreation = true }: MetadataArguments, version: number): Encoder => {
  const encoder = new Encoder().writeInt32(0);
  return version >= HAS_AUTO_CREATION_SINCE ? encoder.writeBoolean(allowAutoTopicCreation) : encoder;
};

/**
 * kafkajs 2.2.4 finds the offsets of no partition when one has no leader: a consumer that begins then would read none of its
 * partitions. Here those without a leader are left out. A consumer asks for them again before each fetch.
 */
export const askLeadersThatAre = (cluster: OffsetsCluster): void => {
  const { fetchTopicsOffset } = cluster;
  cluster.fetchTopicsOffset = async function (this: OffsetsCluster, topics) {
    const led = topics.map((one) => {
      const known = this.findTopicPartitionMetadata(one.topic);
      const leaderless = new Set(
        known.filter(({ leader }) => leader === NO_LEADER).map(({ partitionId }) => partitionId),
      );
      return { ...one, partitions: one.partitions.filter(({ partition }) => !leaderless.has(partition)) };
    });
    const asked = led.filter(({ partitions }) => partitions.length > 0);
    const found = await fetchTopicsOffset.call(this, asked);
    return topics.map(({ topic }) => found.find((one) => one.topic === topic) ?? { topic, partitions: [] });
  };
};
