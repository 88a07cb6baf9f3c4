import type { Kafka } from 'kafkajs';
import { deadLetterHeaders, deadLetterTopicOf } from '@wiber/contracts';
import type { RejectedRecord } from '../consume/batch.outcome.ts';
import type { LogLine } from '../client/kafka.client.ts';
import type { KafkaProbe } from '../probe/kafka.probe.ts';
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
/** With any other the broker keeps what the producer chose, and kafkajs reads only these. */
const READABLE = new Set(['uncompressed', 'gzip']);
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
    await this.producer.connect((probe) => this.prepare(probe));
  }

  /**
   * The record's key, value and headers as they were, with the letter's headers beside them. Resolves once every in-sync
   * replica has it. Two tries may append it twice: readers tell dead letters apart by the place of their record.
   * @throws NotSentError, OutcomeUnknownError
   */
  async publish({ letter, record }: RejectedRecord): Promise<void> {
    const { instance, now } = this.options;
    const { key, value, headers } = record;
    const said = deadLetterHeaders({ ...letter, time: now(), instance });
    const whole = { key, value, headers: { ...headers, ...said } } as LogRecord;
    await this.producer.send(whole, letter.partition % Math.max(1, this.producer.partitions));
  }

  async close(withinMs: number): Promise<void> {
    await this.producer.close(withinMs);
  }

  private async prepare(probe: KafkaProbe): Promise<void> {
    const { topic, log } = this.options;
    const settings = await probe.settingsOf(topic, ADMIN_MS);
    if (!READABLE.has(settings.get('compression.type') ?? ''))
      log(
        'error',
        `a record that its producer compressed may be unreadable; set compression.type of ${topic} to uncompressed`,
        { topic },
      );
    await this.ensureTopic(probe, Number(settings.get('max.message.bytes')) + HEADERS_BYTES);
  }

  private async ensureTopic(probe: KafkaProbe, largest: number): Promise<void> {
    const { topic, log } = this.options;
    const name = deadLetterTopicOf(topic);
    if (!(await probe.hasTopic(name, ADMIN_MS))) {
      await probe.createTopic(name, { ...DEAD_LETTER_TOPIC, 'max.message.bytes': String(largest) }, ADMIN_MS);
      log('info', 'the dead-letter topic is made', { topic: name });
      return;
    }
    const takes = Number((await probe.settingsOf(name, ADMIN_MS)).get('max.message.bytes'));
    if (takes >= largest) return;
    const mend = `raise max.message.bytes of ${name} to ${largest}`;
    log('error', `a record as large as ${topic} takes could not become a dead letter; ${mend}`, { takes });
  }
}
