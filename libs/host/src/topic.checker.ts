import { deadLetterTopicOf } from '@wiber/contracts';
import {
  REPLICAS,
  deadLetterRisksOf,
  mendingCommand,
  topicRisksOf,
  type KafkaProbe,
  type TopicRisk,
} from '@wiber/kafka';
import type { TopicBoard, WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';
import type { HostSettings } from './host.settings.ts';
import { askUntilAnswered, type AskPorts } from './kafka.answer.ts';

const ADMIN_MS = 5000;

export interface TopicCheckPorts extends AskPorts {
  probe: Pick<KafkaProbe, 'settingsOf' | 'replicasOf' | 'brokerCount'>;
  settings: Pick<HostSettings, 'topic' | 'brokers'>;
  logger: Pick<WiberLogger, 'error' | 'warn'>;
  board: Pick<TopicBoard, 'show'>;
}

/**
 * Looks at the settings of the topic at the start, and asks until Kafka answers or the app stops. A setting that may lose
 * messages is logged as an error with the command that mends it, and shown as a metric.
 * @throws StartError for a setting that deletes messages which are stored and read, or that keeps all from being stored
 */
export const checkTopic = async (ports: TopicCheckPorts): Promise<void> => {
  const { topic } = ports.settings;
  const risks = await risksOf(topic, topicRisksOf, ports);
  ports.board.show(risks);
  report(topic, risks, ports);
};

/**
 * As `checkTopic`, for the dead-letter topic, which must exist. Its risks are only logged.
 * @throws StartError for a setting with which a dead letter keeps its partition waiting, or is not listed
 */
export const checkDeadLetterTopic = async (ports: Omit<TopicCheckPorts, 'board'>): Promise<void> => {
  const topic = deadLetterTopicOf(ports.settings.topic);
  report(topic, await risksOf(topic, deadLetterRisksOf, ports), ports);
};

const risksOf = async (
  topic: string,
  judge: typeof topicRisksOf,
  ports: Omit<TopicCheckPorts, 'board'>,
): Promise<TopicRisk[]> => {
  const { probe } = ports;
  const ask = async () => {
    const settings = await probe.settingsOf(topic, ADMIN_MS);
    const replicas = await probe.replicasOf(topic, ADMIN_MS);
    return judge(settings, replicas, await probe.brokerCount(ADMIN_MS));
  };
  return (await askUntilAnswered(`what the topic ${topic} is set to`, ask, ports)) ?? [];
};

const report = (
  topic: string,
  risks: readonly TopicRisk[],
  { settings, logger }: Pick<TopicCheckPorts, 'settings' | 'logger'>,
): void => {
  for (const risk of risks) {
    const { setting, is, harm, type } = risk;
    const command = mendingCommand(topic, setting === REPLICAS ? [risk] : risks, settings.brokers[0]!);
    const line = `${setting} of the topic ${topic} is ${is}: ${harm}. Run ${command}`;
    if (type === 'refuse') throw new StartError(line);
    logger.error({ topic, setting, is }, line);
  }
};
