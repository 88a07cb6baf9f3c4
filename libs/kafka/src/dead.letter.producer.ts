import type { Kafka } from 'kafkajs';
import { deadLetterHeaders, deadLetterTopicOf } from '@wiber/contracts';
import type { GivenUp } from './batch.outcome.ts';
import type { LogLine } from './kafka.client.ts';
import type { KafkaProbe } from './kafka.probe.ts';
import { LogProducer } from './log.producer.ts';
import type { LogRecord } from './produce.lane.ts';

export interface DeadLetterProducerOptions {
  kafka: Kafka;
  /** Whose dead letters these are. */
  topic: string;
  instance: string;
  log: LogLine;
  now: () => number;
}

/** Room for the headers beside a record as large as its own topic takes, in bytes. */
const HEADERS_BYTES = 64 * 1024;
/** Dead letters are kept until an operator has seen to them, however long that takes. */
const DEAD_LETTER_TOPIC = { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' };
const ADMIN_MS = 5000;

/** Appends what can't be stored to the dead-letter topic, through lanes that lose and reorder nothing. */
export class DeadLetterProducer {
  private readonly options: DeadLetterProducerOptions;
  private readonly producer: LogProducer;

  constructor(options: DeadLetterProducerOptions) {
    this.options = options;
    const { kafka, topic, log } = options;
    this.producer = new LogProducer({ kafka, topic: deadLetterTopicOf(topic), log });
  }

  /**
   * Resolves once dead letters can be appended; without that nothing may be consumed. Makes the topic where there is
   * none, with as many replicas as the brokers give by default.
   */
  async connect(): Promise<void> {
    await this.producer.connect((probe) => this.ensureTopic(probe));
  }

  /**
   * The record's key, value and headers as they were, with the letter's headers beside them. Resolves once every in-sync
   * replica has it. Two tries may append it twice: readers tell dead letters apart by the place of their record.
   * @throws NotSentError, OutcomeUnknownError
   */
  async publish({ letter, record }: GivenUp): Promise<void> {
    const { instance, now } = this.options;
    const { key, value, headers } = record;
    const said = deadLetterHeaders({ ...letter, time: now(), instance });
    const whole = { key, value, headers: { ...headers, ...said } } as LogRecord;
    await this.producer.send(whole, letter.partition % Math.max(1, this.producer.partitions));
  }

  async close(withinMs: number): Promise<void> {
    await this.producer.close(withinMs);
  }

  private async ensureTopic(probe: KafkaProbe): Promise<void> {
    const { topic, log } = this.options;
    const name = deadLetterTopicOf(topic);
    const needed = (await probe.largestBatchOf(topic, ADMIN_MS)) + HEADERS_BYTES;
    if (!(await probe.hasTopic(name, ADMIN_MS))) {
      await probe.createTopic(name, { ...DEAD_LETTER_TOPIC, 'max.message.bytes': String(needed) }, ADMIN_MS);
      log('info', 'the dead-letter topic is made', { topic: name });
    }
    const takes = await probe.largestBatchOf(name, ADMIN_MS);
    if (takes >= needed) return;
    const mend = `raise max.message.bytes of ${name} to ${needed}`;
    log('error', `a record as large as ${topic} takes could not become a dead letter; ${mend}`, { takes });
  }
}
