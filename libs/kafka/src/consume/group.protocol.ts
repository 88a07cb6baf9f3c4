import kafkajs, { type PartitionAssigner } from 'kafkajs';

const INCONSISTENT_GROUP_PROTOCOL = 'INCONSISTENT_GROUP_PROTOCOL';

/**
 * Deals partitions out in turn, as kafkajs does by default, under a protocol name that has the topics in it. A group takes
 * only members that have a protocol in common (https://kafka.apache.org/protocol#The_Messages_JoinGroup, error 23), so the
 * brokers refuse a member of another system. With the common name both systems would stop: the leader of a group assigns its
 * own topics to all members, and those of the other system to nobody.
 */
export const assignerOf =
  (topics: readonly string[]): PartitionAssigner =>
  (config) => ({
    ...kafkajs.PartitionAssigners.roundRobin(config),
    name: `roundrobin:${topics.toSorted().join(',')}`,
  });

/** What a person must do when the group refuses a member; undefined for an error that may pass by itself. */
export const groupAdviceFor = (error: unknown, groupId: string): string | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as Partial<{ type: string }>).type === INCONSISTENT_GROUP_PROTOCOL)
      return (
        `the consumer group ${groupId} has members that read other topics, or are of an earlier version, and refuses this one: ` +
        'nothing is stored here. Give each system a KAFKA_CONSUMER_GROUP of its own'
      );
  }
  return undefined;
};
