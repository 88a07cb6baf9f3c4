import { Kafka, Partitioners, logLevel, type Producer } from 'kafkajs';
import { digestOfRecord } from '@wiber/evidence';
import type { PoisonRow } from '../../checker/observation.ts';
import type { PoisonRecord } from './poison.record.ts';

/** Appends poison to the log with a plain producer, without the gateway. Keeps a row of each record for the checker. */
export class PoisonProducer {
  readonly rows: PoisonRow[] = [];
  private readonly producer: Producer;
  private readonly topic: string;
  private connected: Promise<void> | undefined;

  constructor(brokers: string[], topic: string) {
    const kafka = new Kafka({ brokers, clientId: 'chaos-poison', logLevel: logLevel.NOTHING });
    this.producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    this.topic = topic;
  }

  /** Resolves to the record's position as partition/offset, or to 'unknown' when the broker's answer was lost. */
  async append({ kind, reason, key, value }: PoisonRecord): Promise<string> {
    this.connected ??= this.producer.connect();
    await this.connected;
    const row: PoisonRow = { kind, reason, digest: digestOfRecord({ key, value }).toString('hex'), acked: false };
    this.rows.push(row);
    try {
      const [answer] = await this.producer.send({ topic: this.topic, acks: -1, messages: [{ key, value }] });
      row.acked = true;
      return `${answer?.partition}/${answer?.baseOffset}`;
    } catch {
      return 'unknown';
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect().catch(() => undefined);
  }
}
