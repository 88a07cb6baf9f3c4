import { mendingCommand, topicRisksOf, type KafkaProbe } from '@wiber/kafka';
import type { TopicBoard, WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';
import type { HostSettings } from './host.settings.ts';
import { askUntilAnswered, type AskPorts } from './kafka.answer.ts';

const ADMIN_MS = 5000;

export interface TopicCheckPorts extends AskPorts {
  probe: Pick<KafkaProbe, 'settingsOf' | 'replicasOf'>;
  settings: Pick<HostSettings, 'topic' | 'brokers'>;
  logger: Pick<WiberLogger, 'error' | 'warn'>;
  board: Pick<TopicBoard, 'show'>;
}

/**
 * Looks at the settings of the topic at the start, and asks until Kafka answers or the app stops. A setting that may lose
 * messages is logged as an error with the command that mends it, and shown as a metric.
 * @throws StartError for a setting that deletes messages which are stored and read
 */
export const checkTopic = async (ports: TopicCheckPorts): Promise<void> => {
  const { probe, settings, logger, board } = ports;
  const { topic, brokers } = settings;
  const ask = async () =>
    topicRisksOf(await probe.settingsOf(topic, ADMIN_MS), await probe.replicasOf(topic, ADMIN_MS));
  const risks = (await askUntilAnswered(`what the topic ${topic} is set to`, ask, ports)) ?? [];
  board.show(risks);
  for (const { setting, is, harm, type } of risks) {
    const line = `${setting} of the topic ${topic} is ${is}: ${harm}. Run ${mendingCommand(topic, risks, brokers[0]!)}`;
    if (type === 'refuse') throw new StartError(line);
    logger.error({ topic, setting, is }, line);
  }
};
