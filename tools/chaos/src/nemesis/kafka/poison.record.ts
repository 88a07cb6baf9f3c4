import { randomBytes, randomUUID } from 'node:crypto';
import { BODY_MAX_BYTES, conversationIdOf, type DeadLetterReason, type Message } from '@wiber/contracts';
import type { Random } from '../../random.ts';

/** A message that is in the log already, so its id is used. */
export type UsedMessage = Pick<Message, 'messageId' | 'fromUser' | 'toUser'>;

export const POISON_KINDS = ['unreadable', 'no-value', 'schema', 'too-large', 'used-id'] as const;
export type PoisonKind = (typeof POISON_KINDS)[number];

/** A record that ingest must not store, and the reason that its dead letter must have. */
export interface PoisonRecord {
  kind: PoisonKind;
  reason: DeadLetterReason;
  key: string;
  value: Buffer | null;
}

/** A broker accepts 1 MiB. The dead letter must fit too, with its headers. */
const LARGEST_BYTES = 900 * 1024;

/** Makes a poison record for the conversation of a used message. No two records are equal. */
export const makePoison = (kind: PoisonKind, used: UsedMessage, random: Random): PoisonRecord => {
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
      // Without a value, only the key can make the record unique.
      return { kind, reason: 'unreadable', key: `${key} ${unique}`, value: null };
    case 'schema':
      return { kind, reason: 'schema', key, value: json({ ...message, lamport: -1 }) };
    case 'too-large': {
      const content = `${unique} `.padEnd(random.whole(BODY_MAX_BYTES, LARGEST_BYTES), 'x');
      return { kind, reason: 'too_large', key, value: json({ ...message, content }) };
    }
    case 'used-id':
      return { kind, reason: 'idempotency_conflict', key, value: json({ ...message, messageId }) };
  }
};
