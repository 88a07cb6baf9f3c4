import type { LogicalMessage } from './logical.message.ts';
import type { Observation, StoredRow, Walk } from './observation.ts';
import type { Violation } from './violation.ts';

const inLogOrder = (rows: StoredRow[]): StoredRow[] =>
  rows.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);

/** Each walk in log order shows the conversation as its partition has it, from its first message on, without a gap. */
export const checkOneOrder = ({ stored, walks }: Observation): Violation[] => {
  const orders = new Map(
    [...Map.groupBy(stored, ({ conversationId }) => conversationId)].map(([conversation, rows]) => [
      conversation,
      inLogOrder(rows).map(({ messageId }) => messageId),
    ]),
  );
  const violations: Violation[] = [];
  for (const [conversationId, rows] of Map.groupBy(stored, (row) => row.conversationId)) {
    const partitions = new Set(rows.map(({ partition }) => partition));
    if (partitions.size > 1)
      violations.push({
        invariant: 'one-order',
        says: 'a conversation lies in more than one partition',
        witness: { conversationId, partitions: [...partitions] },
      });
  }
  for (const walk of walks) {
    const order = orders.get(walk.conversationId) ?? [];
    const at = walk.messageIds.findIndex((id, index) => order[index] !== id);
    if (at >= 0)
      violations.push({
        invariant: 'one-order',
        says: 'a reader saw another order than the log has',
        witness: { ...placeOf(walk, at), inTheLog: order.slice(Math.max(0, at - 1), at + 2) },
      });
  }
  return violations;
};

const placeOf = ({ reader, conversationId, startedAt, messageIds }: Walk, at: number) => ({
  reader,
  conversationId,
  startedAt,
  at,
  seen: messageIds.slice(Math.max(0, at - 1), at + 2),
});

/** Walks of one reader only ever grow at their end. */
export const checkMonotonicPages = ({ walks }: Observation): Violation[] => {
  const violations: Violation[] = [];
  for (const same of Map.groupBy(walks, ({ reader, conversationId }) => `${reader} ${conversationId}`).values()) {
    const ordered = same.toSorted((a, b) => a.startedAt - b.startedAt);
    for (const [index, walk] of ordered.entries()) {
      const earlier = ordered[index - 1];
      const at = earlier?.messageIds.findIndex((id, place) => walk.messageIds[place] !== id) ?? -1;
      if (earlier && at >= 0)
        violations.push({
          invariant: 'monotonic-pages',
          says: 'a later walk lacks or moves what an earlier one saw',
          witness: { earlier: placeOf(earlier, at), later: placeOf(walk, at) },
        });
    }
  }
  return violations;
};

/**
 * Linearizability of the append (Herlihy and Wing, 1990, restricted to real-time precedence): in a partition nothing
 * stands after what was sent only when it had been acknowledged already.
 */
export const checkRealTimeOrder = ({ stored }: Observation, messages: LogicalMessage[]): Violation[] => {
  const byId = new Map(messages.flatMap((message) => [...message.messageIds].map((id) => [id, message] as const)));
  const violations: Violation[] = [];
  for (const rows of Map.groupBy(stored, ({ conversationId }) => conversationId).values()) {
    // Of what stands later, the one acknowledged first; rows are seen from the end.
    let later: { row: StoredRow; message: LogicalMessage } | undefined;
    for (const row of inLogOrder(rows).reverse()) {
      const message = byId.get(row.messageId);
      if (!message) continue;
      if (later && later.message.firstAckedAt < message.firstSentAt)
        violations.push({
          invariant: 'real-time-order',
          says: 'a message stands before one that was acknowledged before it was sent',
          witness: { first: later, then: { row, message } },
        });
      if (!later || message.firstAckedAt < later.message.firstAckedAt) later = { row, message };
    }
  }
  return violations;
};
