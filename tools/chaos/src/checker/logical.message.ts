import type { Send } from './observation.ts';

/** A try that was acknowledged under this id. */
export type AckedSend = Send & { outcome: { type: 'acked' } };

/**
 * One message as its sender means it: a request and its retries with the same Idempotency-Key and the same body. It has
 * no outcome of its own: each try is judged by its own answer.
 */
export interface LogicalMessage {
  /** All tries. */
  sends: Send[];
  acked: AckedSend[];
  /** The tries that may have written a record: acknowledged ones, and those of unknown outcome. */
  writers: Send[];
  content: string;
  fromUser: string;
  messageIds: Set<string>;
  /** When the first writer was sent. Infinity when all tries were refused. */
  firstSentAt: number;
  /** Infinity when no send was acknowledged. */
  firstAckedAt: number;
}

export const isAcked = (send: Send): send is AckedSend => send.outcome.type === 'acked';

const identityOf = ({ id, fromUser, toUser, content, idempotencyKey }: Send): string =>
  idempotencyKey === undefined ? `send ${id}` : JSON.stringify([fromUser, toUser, idempotencyKey, content]);

export const groupSends = (sends: Send[]): LogicalMessage[] =>
  [...Map.groupBy(sends, identityOf).values()].map((group) => {
    const acked = group.filter(isAcked);
    const writers = group.filter(({ outcome }) => outcome.type !== 'refused');
    return {
      sends: group,
      acked,
      writers,
      content: group[0]!.content,
      fromUser: group[0]!.fromUser,
      messageIds: new Set(acked.map(({ outcome }) => outcome.messageId)),
      firstSentAt: Math.min(...writers.map(({ sentAt }) => sentAt)),
      firstAckedAt: Math.min(...acked.map(({ answeredAt }) => answeredAt)),
    };
  });
