import type { Send } from './observation.ts';

/** One message as its sender means it: a request and its retries with the same Idempotency-Key and the same body. */
export interface LogicalMessage {
  sends: Send[];
  content: string;
  fromUser: string;
  /** `acked`: at least one send was acknowledged. `refused`: all sends were refused. `unknown`: anything else. */
  fate: 'acked' | 'refused' | 'unknown';
  messageIds: Set<string>;
  firstSentAt: number;
  /** Infinity when no send was acknowledged. */
  firstAckedAt: number;
}

const fateOf = (sends: Send[]): LogicalMessage['fate'] => {
  if (sends.some(({ outcome }) => outcome.type === 'acked')) return 'acked';
  return sends.every(({ outcome }) => outcome.type === 'refused') ? 'refused' : 'unknown';
};

const identityOf = ({ id, fromUser, toUser, content, idempotencyKey }: Send): string =>
  idempotencyKey === undefined ? `send ${id}` : JSON.stringify([fromUser, toUser, idempotencyKey, content]);

export const groupSends = (sends: Send[]): LogicalMessage[] =>
  [...Map.groupBy(sends, identityOf).values()].map((group) => {
    const acked = group.flatMap((send) => (send.outcome.type === 'acked' ? [{ ...send, ...send.outcome }] : []));
    return {
      sends: group,
      content: group[0]!.content,
      fromUser: group[0]!.fromUser,
      fate: fateOf(group),
      messageIds: new Set(acked.map(({ messageId }) => messageId)),
      firstSentAt: Math.min(...group.map(({ sentAt }) => sentAt)),
      firstAckedAt: Math.min(...acked.map(({ answeredAt }) => answeredAt)),
    };
  });
