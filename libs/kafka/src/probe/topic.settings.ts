import { BODY_MAX_BYTES } from '@wiber/contracts';

/** A setting of a topic that breaks a promise. */
export interface TopicRisk {
  setting: string;
  /** The value that the topic has. */
  is: string;
  /** A value that keeps the promise. */
  wants: string;
  /** `refuse`: it loses or hides messages in any case; `warn`: it may lose or refuse some in an outage or after a time. */
  type: 'refuse' | 'warn';
  harm: string;
}

interface TopicCopies {
  replicas: number;
  brokers: number;
}

/** No setting of kafka-configs.sh, but shown like one. */
export const REPLICAS = 'replication.factor';
/** What a record may have beside its value, in bytes. */
const KEY_AND_HEADERS = 4096;
/** So many replicas keep a message acknowledged while one broker is away. */
const REPLICAS_WANTED = 3;
const UNREADABLE_CODECS = new Set(['zstd', 'lz4', 'snappy']);

interface Check extends Omit<TopicRisk, 'is' | 'wants'> {
  wants: string | ((copies: TopicCopies) => string);
  isRight: (value: string, copies: TopicCopies) => boolean;
}

const RETENTION = {
  isRight: (limit: string) => limit === '-1',
  wants: '-1',
  type: 'warn',
  harm: 'records are deleted, also those that ingest has not read',
} as const;

const CHECKS: readonly Check[] = [
  {
    setting: 'cleanup.policy',
    isRight: (policy) => policy === 'delete',
    wants: 'delete',
    type: 'refuse',
    harm: 'compaction keeps the last message of each conversation and deletes the others',
  },
  {
    setting: 'compression.type',
    isRight: (codec) => !UNREADABLE_CODECS.has(codec),
    wants: 'uncompressed',
    type: 'refuse',
    harm: "the brokers keep every record in a codec that ingest can't read, so nothing is stored",
  },
  { setting: 'retention.ms', ...RETENTION },
  { setting: 'retention.bytes', ...RETENTION },
  {
    setting: 'min.insync.replicas',
    isRight: (count, { replicas }) => Number(count) >= Math.min(2, replicas),
    wants: '2',
    type: 'warn',
    harm: 'a message that one replica has counts as acknowledged, and is lost with that replica',
  },
  {
    setting: 'min.insync.replicas',
    isRight: (count, { replicas }) => Number(count) <= replicas,
    wants: ({ replicas }) => String(Math.min(2, replicas)),
    type: 'warn',
    harm: 'no partition has so many replicas, so no message is ever acknowledged',
  },
  {
    setting: 'unclean.leader.election.enable',
    isRight: (isEnabled) => isEnabled === 'false',
    wants: 'false',
    type: 'warn',
    harm: 'a replica that lacks acknowledged messages may become the leader, and they are lost',
  },
  {
    setting: 'message.timestamp.type',
    isRight: (type) => type === 'LogAppendTime',
    wants: 'LogAppendTime',
    type: 'warn',
    harm: 'brokers refuse the messages of a gateway whose clock is ahead of theirs',
  },
  {
    setting: 'max.message.bytes',
    isRight: (bytes) => Number(bytes) >= BODY_MAX_BYTES + KEY_AND_HEADERS,
    wants: String(BODY_MAX_BYTES + KEY_AND_HEADERS),
    type: 'warn',
    harm: 'the largest messages are refused each time',
  },
];

/**
 * Compares the settings of a topic with what docs/guarantees.md promises. A setting that the broker does not tell is left out.
 * @param replicas how many brokers have each partition
 * @param brokers how many there are
 */
export const topicRisksOf = (
  settings: ReadonlyMap<string, string>,
  replicas: number,
  brokers = replicas,
): TopicRisk[] => {
  const copies = { replicas, brokers };
  const risks = CHECKS.flatMap(({ setting, isRight, wants, type, harm }): TopicRisk[] => {
    const is = settings.get(setting);
    if (is === undefined || isRight(is, copies)) return [];
    return [{ setting, is, wants: typeof wants === 'string' ? wants : wants(copies), type, harm }];
  });
  return [...risks, ...replicaRiskOf(copies)];
};

const replicaRiskOf = ({ replicas, brokers }: TopicCopies): TopicRisk[] => {
  const wanted = Math.min(REPLICAS_WANTED, brokers);
  if (replicas >= wanted) return [];
  const harm = 'while a broker is away, messages of its partitions are refused, and they may be lost with it';
  return [{ setting: REPLICAS, is: String(replicas), wants: String(wanted), type: 'warn', harm }];
};

/** What a setting does to dead letters, where it is not what it does to messages. */
const LETTER_HARMS = new Map([
  [
    'cleanup.policy',
    'Kafka refuses a dead letter without a key, so its partition stands still, and compaction deletes others',
  ],
  ['compression.type', 'the brokers keep every dead letter in a codec that ingest can not read, so none is listed'],
  ['retention.ms', 'dead letters are deleted, also those that ingest has not listed'],
  ['retention.bytes', 'dead letters are deleted, also those that ingest has not listed'],
]);

/** As `topicRisksOf`, for a dead-letter topic. How large its records may be depends on the topic of the messages. */
export const deadLetterRisksOf: typeof topicRisksOf = (settings, replicas, brokers) =>
  topicRisksOf(settings, replicas, brokers)
    .filter(({ setting }) => setting !== 'max.message.bytes')
    .map((risk) => ({ ...risk, harm: LETTER_HARMS.get(risk.setting) ?? risk.harm }));

/** The command that gives a topic the settings it should have. */
export const mendingCommand = (topic: string, risks: readonly TopicRisk[], broker: string): string => {
  const settings = risks.filter(({ setting }) => setting !== REPLICAS);
  // Replicas are given by a plan that names the brokers of each partition.
  if (settings.length === 0) return `kafka-reassign-partitions.sh --bootstrap-server ${broker}`;
  return (
    `kafka-configs.sh --bootstrap-server ${broker} --alter --entity-type topics --entity-name ${topic} ` +
    `--add-config ${settings.map(({ setting, wants }) => `${setting}=${wants}`).join(',')}`
  );
};
