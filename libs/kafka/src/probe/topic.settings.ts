import { BODY_MAX_BYTES } from '@wiber/contracts';

/** A setting of a topic that breaks a promise. */
export interface TopicRisk {
  setting: string;
  /** The value that the topic has. */
  is: string;
  /** A value that keeps the promise. */
  wants: string;
  /** `refuse`: it loses messages that are stored and read; `warn`: it may lose some in an outage or after a time. */
  type: 'refuse' | 'warn';
  harm: string;
}

/** What a record may have beside its value, in bytes. */
const KEY_AND_HEADERS = 4096;

/** Compares the settings of a topic with what docs/guarantees.md promises. A setting that the broker does not tell is left out. */
export const topicRisksOf = (settings: ReadonlyMap<string, string>, replicas: number): TopicRisk[] => {
  const risks: TopicRisk[] = [];
  const look = (setting: string, isRight: (value: string) => boolean, risk: Omit<TopicRisk, 'setting' | 'is'>) => {
    const is = settings.get(setting);
    if (is !== undefined && !isRight(is)) risks.push({ setting, is, ...risk });
  };
  look('cleanup.policy', (policy) => policy === 'delete', {
    wants: 'delete',
    type: 'refuse',
    harm: 'compaction keeps the last message of each conversation and deletes the others',
  });
  for (const setting of ['retention.ms', 'retention.bytes'])
    look(setting, (limit) => limit === '-1', {
      wants: '-1',
      type: 'warn',
      harm: 'records are deleted, also those that ingest has not read',
    });
  look('min.insync.replicas', (count) => Number(count) >= Math.min(2, replicas), {
    wants: '2',
    type: 'warn',
    harm: 'a message that one replica has counts as acknowledged, and is lost with that replica',
  });
  look('max.message.bytes', (bytes) => Number(bytes) >= BODY_MAX_BYTES + KEY_AND_HEADERS, {
    wants: String(BODY_MAX_BYTES + KEY_AND_HEADERS),
    type: 'warn',
    harm: 'the largest messages are refused each time',
  });
  return risks;
};

/** The command that gives a topic the settings it should have. */
export const mendingCommand = (topic: string, risks: readonly TopicRisk[], broker: string): string =>
  `kafka-configs.sh --bootstrap-server ${broker} --alter --entity-type topics --entity-name ${topic} ` +
  `--add-config ${risks.map(({ setting, wants }) => `${setting}=${wants}`).join(',')}`;
