import { randomBytes, randomUUID } from 'node:crypto';
import { Kafka, Partitioners, logLevel, type Producer } from 'kafkajs';
import { BODY_MAX_BYTES, conversationIdOf, type DeadLetterReason, type Message } from '@wiber/contracts';
import { digestOfRecord } from '@wiber/evidence';
import type { PoisonRow } from '../checker/observation.ts';
import type { Random } from '../random.ts';

/** A message that is in the log already: whose id is used. */
export type Used = Pick<Message, 'messageId' | 'fromUser' | 'toUser'>;

export interface Poison {
  kind: PoisonKind;
  reason: DeadLetterReason;
  key: string;
  value: Buffer | null;
}

export const POISON_KINDS = ['unreadable', 'no-value', 'schema', 'too-large', 'used-id'] as const;
export type PoisonKind = (typeof POISON_KINDS)[number];

/** Well under the 1 MiB that a broker takes, headers of the dead letter included. */
const LARGEST = 900 * 1024;

/** A record of this kind for a conversation; no two are the same. */
export const poisonOf = (kind: PoisonKind, used: Used, random: Random): Poison => {
  const { fromUser, toUser, messageId } = used;
  const key = conversationIdOf(fromUser, toUser);
  const unique = randomUUID();
  const message = {
    messageId: unique,
    fromUser,
    toUser,
    content: `poison ${unique}`,
    timestamp: Date.now(),
    lamport: 1,
  };
  const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
  switch (kind) {
    case 'unreadable':
      return { kind, reason: 'unreadable', key, value: Buffer.concat([Buffer.from([0xff, 0x00]), randomBytes(40)]) };
    case 'no-value':
      // Without a value only the key can tell it from others.
      return { kind, reason: 'unreadable', key: `${key} ${unique}`, value: null };
    case 'schema':
      return { kind, reason: 'schema', key, value: json({ ...message, lamport: -1 }) };
    case 'too-large': {
      const content = `${unique} `.padEnd(random.whole(BODY_MAX_BYTES, LARGEST), 'x');
      return { kind, reason: 'too_large', key, value: json({ ...message, content }) };
    }
    case 'used-id':
      return { kind, reason: 'idempotency_conflict', key, value: json({ ...message, messageId }) };
  }
};

/** Appends poison straight to the log with a plain producer, and keeps what it must become. */
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

  /** Resolves to where it lies, as partition/offset; 'unknown' when the broker's answer was lost. */
  async append({ kind, reason, key, value }: Poison): Promise<string> {
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
