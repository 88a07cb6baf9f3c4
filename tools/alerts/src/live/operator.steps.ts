import { TopicAdmin, askAdmin, kafkaClient } from '@wiber/harness';
import type { WatchedSystem } from './watched.system.ts';

/** The settings that promises need, as the stack makes the topic. */
export const SAFE_TOPIC = {
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
  'retention.ms': '-1',
  'retention.bytes': '-1',
};

export const restart = async ({ system }: WatchedSystem, name: string): Promise<void> => {
  await system.tell('stop', name);
  await system.tell('start', name);
};

export const setTopic = ({ env }: WatchedSystem, config: Record<string, string>): Promise<unknown> =>
  new TopicAdmin(env).setTopic(env['KAFKA_TOPIC']!, config);

/** Deletes every record that is in the log now, as a retention would. */
export const cutLog = async ({ env, system }: WatchedSystem): Promise<void> => {
  const ends = await askAdmin(kafkaClient(system.kafka), (admin) => admin.fetchTopicOffsets(env['KAFKA_TOPIC']!));
  const offsets = ends.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  await new TopicAdmin(env).dropBefore(offsets);
};
