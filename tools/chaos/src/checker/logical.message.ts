import type { Send } from './observation.ts';

/** What a sender means as one message: a request and its repetitions under one Idempotency-Key with one body. */
export interface LogicalMessage {
  sends: Send[];
  content: string;
  fromUser: string;
  /** Certain when one was acknowledged; never when all were refused; else unknown. */
  fate: 'acked' | 'refused' | 'unknown';
  messageIds: Set<string>;
  firstSentAt: number;
  /** Infinity when it never was. */
  firstAckedAt: number;
}

const fateOf = (sends: Send[]): LogicalMessage['fate'] => {
  if (sends.some(({ outcome }) => outcome.type === 'acked')) return 'acked';
  return sends.every(({ outcome }) => outcome.type === 'refused') ? 'refused' : 'unknown';
};

const identityOf = ({ id, fromUser, toUser, content, idempotencyKey }: Send): string =>
  idempotencyKey === undefined ? `send ${id}` : JSON.stringify([fromUser, toUser, idempotencyKey, content]);

export const logicalMessages = (sends: Send[]): LogicalMessage[] =>
  [...Map.groupBy(sends, identityOf).values()].map((same) => {
    const acked = same.flatMap((send) => (send.outcome.type === 'acked' ? [{ ...send, ...send.outcome }] : []));
    return {
      sends: same,
      content: same[0]!.content,
      fromUser: same[0]!.fromUser,
      fate: fateOf(same),
      messageIds: new Set(acked.map(({ messageId }) => messageId)),
      firstSentAt: Math.min(...same.map(({ sentAt }) => sentAt)),
      firstAckedAt: Math.min(...acked.map(({ answeredAt }) => answeredAt)),
    };
  });
