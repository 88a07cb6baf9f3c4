import kafkajs, { Partitioners, type Message, type Producer } from 'kafkajs';
import { digestOfRecord } from '@wiber/evidence';
import { kafkaClient } from '@wiber/harness';
import type { ForeignRow, PoisonRow } from '../../checker/observation.ts';
import type { ForeignRecord } from './foreign.record.ts';
import type { PoisonRecord } from './poison.record.ts';

const { CompressionTypes } = kafkajs;

type AppendedRow = Pick<PoisonRow, 'kind' | 'digest' | 'acked'>;

/** Appends records to the log with a plain producer, without the gateway. Keeps a row of each record for the checker. */
export class PoisonProducer {
  /** The records that must become dead letters. */
  readonly rows: PoisonRow[] = [];
  /** The records that must be stored. */
  readonly foreign: ForeignRow[] = [];
  private readonly producer: Producer;
  private readonly topic: string;
  private connected: Promise<void> | undefined;

  constructor(brokers: string[], topic: string) {
    const kafka = kafkaClient(brokers, { clientId: 'chaos-poison' });
    this.producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    this.topic = topic;
  }

  /** Resolves to the record's position as partition/offset, or to 'unknown' when the broker's answer was lost. */
  append({ kind, reason, key, value }: PoisonRecord): Promise<string> {
    const row: PoisonRow = { ...rowOf({ kind, key, value }), reason };
    this.rows.push(row);
    return this.send(row, { key, value });
  }

  /** As `append`. */
  appendForeign({ expected, compression, kind, ...record }: ForeignRecord): Promise<string> {
    const row = rowOf({ kind, ...record });
    if (expected.type === 'dead-letter') {
      const poison: PoisonRow = { ...row, reason: expected.reason };
      this.rows.push(poison);
      return this.send(poison, record, compression);
    }
    const { messageId, conversationId } = expected;
    const foreign: ForeignRow = { ...row, messageId, conversationId };
    this.foreign.push(foreign);
    return this.send(foreign, record, compression);
  }

  async close(): Promise<void> {
    await this.producer.disconnect().catch(() => undefined);
  }

  private async send(row: AppendedRow, message: Message, compression?: 'zstd'): Promise<string> {
    this.connected ??= this.producer.connect();
    await this.connected;
    // The harness brings the codec.
    const codec = compression === 'zstd' ? CompressionTypes.ZSTD : CompressionTypes.None;
    try {
      const [answer] = await this.producer.send({
        topic: this.topic,
        acks: -1,
        compression: codec,
        messages: [message],
      });
      row.acked = true;
      return `${answer?.partition}/${answer?.baseOffset}`;
    } catch {
      return 'unknown';
    }
  }
}

const rowOf = ({
  kind,
  key,
  value,
}: Pick<ForeignRecord, 'key'> & { kind: string; value: Buffer | null }): AppendedRow => ({
  kind,
  digest: digestOfRecord({ key, value }).toString('hex'),
  acked: false,
});
