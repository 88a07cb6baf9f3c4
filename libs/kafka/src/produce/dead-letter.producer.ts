import type { Kafka } from 'kafkajs';
import { deadLetterHeaders, deadLetterTopicOf } from '@wiber/contracts';
import type { LogLine } from '../client/log.line.ts';
import { copyHeaders } from '../client/record.headers.ts';
import type { RejectedRecord } from '../consume/batch.outcome.ts';
import { KafkaProbe } from '../probe/kafka.probe.ts';
import { prepareDeadLetterTopic } from './dead-letter.topic.ts';
import { DEFAULT_LANE_POLICY } from './lane.policy.ts';
import { LogProducer } from './log.producer.ts';
import type { LogRecord } from '../client/log.record.ts';

export interface DeadLetterProducerOptions {
  kafka: Kafka;
  /** The topic of the rejected records. */
  topic: string;
  instance: string;
  log: LogLine;
  /** The wall clock, for the time in the headers: milliseconds since the epoch. */
  now: () => number;
}

/** Its records are in memory already: they are part of a batch that was fetched, whose size is bounded. */
const POLICY = { ...DEFAULT_LANE_POLICY, maxQueuedBytes: Infinity };

/** Appends rejected records to the dead-letter topic, through the same lanes as messages. */
export class DeadLetterProducer {
  private readonly options: DeadLetterProducerOptions;
  private readonly producer: LogProducer;
  /** Of its own: that of the producer is closed once the producer is connected. */
  private readonly probe: KafkaProbe;

  constructor(options: DeadLetterProducerOptions) {
    this.options = options;
    const { kafka, topic, log } = options;
    this.producer = new LogProducer({ kafka, topic: deadLetterTopicOf(topic), policy: POLICY, log });
    this.probe = new KafkaProbe(kafka);
  }

  /** Resolves once dead letters can be appended. Before that no record may be consumed. */
  async connect(): Promise<void> {
    await this.producer.connect({ prepare: () => this.prepareTopic() });
  }

  /** Makes the dead-letter topic if it is missing: somebody may delete it at any time. */
  async prepareTopic(): Promise<void> {
    const { topic, log } = this.options;
    // As many as before: the lanes are those of the topic that was found first.
    const partitions = Math.max(1, this.producer.partitions);
    await prepareDeadLetterTopic(this.probe, { topic, partitions, log });
  }

  /**
   * Copies the record's key, value and headers, and adds the headers of the dead letter. Resolves once every in-sync
   * replica has it. Two attempts may append it twice: readers identify a dead letter by the position of its record.
   * @throws NotSentError, OutcomeUnknownError
   */
  async publish(rejected: RejectedRecord): Promise<void> {
    const { instance, now } = this.options;
    const partition = rejected.letter.partition % Math.max(1, this.producer.partitions);
    await this.producer.send(deadLetterRecord(rejected, { time: now(), instance }), partition);
  }

  async close(withinMs: number): Promise<void> {
    await this.producer.close(withinMs);
    await this.probe.close();
  }
}

/** A header of the dead letter replaces one of the record with the same name. */
export const deadLetterRecord = (
  { letter, record }: RejectedRecord,
  origin: { time: number; instance: string },
): LogRecord => {
  const headers = Object.assign(copyHeaders(record.headers), deadLetterHeaders({ ...letter, ...origin }));
  return { key: record.key, value: record.value, headers };
};
