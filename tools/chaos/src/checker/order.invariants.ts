import type { LogicalMessage } from './logical.message.ts';
import { SORTS, type Observation, type Sort, type StoredRow, type Walk } from './observation.ts';
import type { Violation } from './violation.ts';

/** UUIDs are ASCII: code units are compared as MongoDB compares bytes. */
const COMPARE: Record<Sort, (a: StoredRow, b: StoredRow) => number> = {
  log: (a, b) => a.partition - b.partition || a.offset - b.offset,
  timestamp: (a, b) =>
    a.timestamp - b.timestamp || (a.messageId < b.messageId ? -1 : Number(a.messageId > b.messageId)),
};

/** What lies around a place of a list: enough to see what is wrong there. */
const around = (ids: readonly (string | undefined)[], at: number) => ids.slice(Math.max(0, at - 1), at + 2);

const placeOf = ({ reader, conversationId, sort, startedAt, messageIds }: Walk, at: number) => ({
  reader,
  conversationId,
  sort,
  startedAt,
  at,
  seen: around(messageIds, at),
});

/** Each walk in log order shows the conversation as its partition has it, from its first message on, without a gap. */
export const checkOneOrder = ({ stored, walks }: Observation): Violation[] => {
  const conversations = Map.groupBy(stored, ({ conversationId }) => conversationId);
  const orders = new Map(
    [...conversations].map(([id, rows]) => [id, rows.toSorted(COMPARE.log).map(({ messageId }) => messageId)]),
  );
  const violations: Violation[] = [];
  for (const [conversationId, rows] of conversations) {
    const partitions = [...new Set(rows.map(({ partition }) => partition))];
    const says = 'a conversation lies in more than one partition';
    if (partitions.length > 1)
      violations.push({ invariant: 'one-order', says, witness: { conversationId, partitions } });
  }
  const byId = new Map(stored.map((row) => [row.messageId, row]));
  for (const walk of walks) {
    const order = orders.get(walk.conversationId) ?? [];
    const at = walk.sort === 'log' ? firstDifference(walk.messageIds, order) : firstDescent(walk, byId);
    const says = `a reader saw another order than ${walk.sort === 'log' ? 'the log' : 'the store'} has`;
    const inTheLog = walk.sort === 'log' ? { inTheLog: around(order, at) } : {};
    if (at >= 0) violations.push({ invariant: 'one-order', says, witness: { ...placeOf(walk, at), ...inTheLog } });
  }
  return violations;
};

const firstDifference = (seen: string[], order: string[]): number => seen.findIndex((id, index) => order[index] !== id);

/** By time a message may come between two others later; what a walk shows is ascending and has none twice all the same. */
const firstDescent = ({ messageIds }: Walk, byId: Map<string, StoredRow>): number =>
  messageIds.findIndex((id, index) => {
    const row = byId.get(id);
    const before = byId.get(messageIds[index - 1] ?? '');
    return row === undefined || (before !== undefined && COMPARE.timestamp(before, row) >= 0);
  });

/** Walks in log order of one reader only ever grow at their end; those by time lose nothing that it saw before. */
export const checkMonotonicPages = ({ walks }: Observation): Violation[] => {
  const violations: Violation[] = [];
  for (const same of Map.groupBy(walks, ({ reader, conversationId }) => `${reader} ${conversationId}`).values()) {
    const seenIn = new Map<string, Walk>();
    let lastInLog: Walk | undefined;
    for (const walk of same.toSorted((a, b) => a.startedAt - b.startedAt)) {
      const earlier = walk.sort === 'log' ? lastInLog : undefined;
      const at = earlier ? firstDifference(earlier.messageIds, walk.messageIds) : -1;
      const has = new Set(walk.messageIds);
      const lacks = [...seenIn].find(([id]) => !has.has(id));
      if (earlier && at >= 0)
        violations.push({
          invariant: 'monotonic-pages',
          says: 'a later walk lacks or moves what an earlier one saw',
          witness: { earlier: placeOf(earlier, at), later: placeOf(walk, at) },
        });
      else if (lacks) violations.push(lossOf(lacks, walk));
      for (const id of walk.messageIds) seenIn.set(id, walk);
      if (walk.sort === 'log') lastInLog = walk;
    }
  }
  return violations;
};

const lossOf = ([messageId, earlier]: [string, Walk], later: Walk): Violation => ({
  invariant: 'monotonic-pages',
  says: 'a later walk lacks what an earlier one saw',
  witness: {
    messageId,
    earlier: placeOf(earlier, earlier.messageIds.indexOf(messageId)),
    later: { sort: later.sort, startedAt: later.startedAt, length: later.messageIds.length },
  },
});

/** Each conversation is walked to its end in either sort and gives exactly what is stored of it. */
export const checkReadBack = ({ stored, finalWalks }: Observation): Violation[] => {
  const walks = new Map(finalWalks.map((walk) => [`${walk.sort} ${walk.conversationId}`, walk]));
  return [...Map.groupBy(stored, ({ conversationId }) => conversationId)].flatMap(([conversationId, rows]) =>
    SORTS.flatMap((sort): Violation[] => {
      const expected = rows.toSorted(COMPARE[sort]).map(({ messageId }) => messageId);
      const read = walks.get(`${sort} ${conversationId}`)?.messageIds ?? [];
      const length = Math.max(expected.length, read.length);
      const at = Array.from({ length }, (_, index) => index).find((index) => expected[index] !== read[index]);
      if (at === undefined) return [];
      const witness = { conversationId, sort, at, stored: around(expected, at), read: around(read, at) };
      const says = 'what is stored and what is read back differ';
      return [{ invariant: 'read-back-exactly-once', says, witness }];
    }),
  );
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
    for (const row of rows.toSorted(COMPARE.log).reverse()) {
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
