import type { LogicalMessage } from './logical.message.ts';
import { SORTS, usersIn, type Observation, type Sort, type StoredRow, type Walk } from './observation.ts';
import type { Violation } from './violation.ts';

/** Ids are ASCII, so comparing UTF-16 code units gives the byte order that MongoDB uses. */
const COMPARE: Record<Sort, (a: StoredRow, b: StoredRow) => number> = {
  log: (a, b) => a.partition - b.partition || a.offset - b.offset,
  timestamp: (a, b) =>
    a.timestamp - b.timestamp || (a.messageId < b.messageId ? -1 : Number(a.messageId > b.messageId)),
};

/** The element at an index with its neighbours: enough to see what is wrong there. */
const neighbours = (ids: readonly (string | undefined)[], at: number) => ids.slice(Math.max(0, at - 1), at + 2);

const describeWalk = ({ reader, conversationId, sort, startedAt, messageIds }: Walk, at: number) => ({
  reader,
  conversationId,
  sort,
  startedAt,
  at,
  seen: neighbours(messageIds, at),
});

/** Each walk in log order starts at the conversation's first message and follows its partition without a gap. */
export const checkOneOrder = ({ stored, walks }: Observation): Violation[] => {
  const conversations = Map.groupBy(stored, ({ conversationId }) => conversationId);
  const logOrders = new Map(
    [...conversations].map(([id, rows]) => [id, rows.toSorted(COMPARE.log).map(({ messageId }) => messageId)]),
  );
  const byId = new Map(stored.map((row) => [row.messageId, row]));
  return [
    ...checkOnePartition(conversations),
    ...walks.flatMap((walk) => checkWalk(walk, logOrders.get(walk.conversationId) ?? [], byId)),
  ];
};

const checkOnePartition = (conversations: Map<string, StoredRow[]>): Violation[] =>
  [...conversations].flatMap(([conversationId, rows]): Violation[] => {
    const partitions = [...new Set(rows.map(({ partition }) => partition))];
    if (partitions.length === 1) return [];
    const description = 'one conversation is in more than one partition';
    return [{ invariant: 'one-order', description, witness: { conversationId, partitions } }];
  });

const checkWalk = (walk: Walk, logOrder: string[], byId: Map<string, StoredRow>): Violation[] => {
  const inLogOrder = walk.sort === 'log';
  const at = inLogOrder ? firstDifference(walk.messageIds, logOrder) : firstDescent(walk, byId);
  if (at < 0) return [];
  const description = `a reader saw another order than ${inLogOrder ? 'the log' : 'the store'} has`;
  const witness = { ...describeWalk(walk, at), ...(inLogOrder ? { inTheLog: neighbours(logOrder, at) } : {}) };
  return [{ invariant: 'one-order', description, witness }];
};

const firstDifference = (seen: string[], order: string[]): number => seen.findIndex((id, index) => order[index] !== id);

/** With sort=timestamp a message may appear between two others later. Even so, a walk ascends and repeats no id. */
const firstDescent = ({ messageIds }: Walk, byId: Map<string, StoredRow>): number =>
  messageIds.findIndex((id, index) => {
    const row = byId.get(id);
    const before = byId.get(messageIds[index - 1] ?? '');
    return row === undefined || (before !== undefined && COMPARE.timestamp(before, row) >= 0);
  });

/** One reader's walks in log order grow only at their end. Its walks by timestamp keep every message that it saw before. */
export const checkMonotonicPages = ({ walks }: Observation): Violation[] =>
  [...Map.groupBy(walks, ({ reader, conversationId }) => `${reader} ${conversationId}`).values()].flatMap((group) =>
    checkReader(group.toSorted((a, b) => a.startedAt - b.startedAt)),
  );

const checkReader = (walks: Walk[]): Violation[] => {
  const violations: Violation[] = [];
  const seenIn = new Map<string, Walk>();
  let lastInLog: Walk | undefined;
  for (const walk of walks) {
    const earlier = walk.sort === 'log' ? lastInLog : undefined;
    const at = earlier ? firstDifference(earlier.messageIds, walk.messageIds) : -1;
    const has = new Set(walk.messageIds);
    const missing = [...seenIn].find(([id]) => !has.has(id));
    if (earlier && at >= 0)
      violations.push({
        invariant: 'monotonic-pages',
        description: 'a later walk misses or moves a message that an earlier walk saw',
        witness: { earlier: describeWalk(earlier, at), later: describeWalk(walk, at) },
      });
    else if (missing) violations.push(describeLoss(missing, walk));
    for (const id of walk.messageIds) seenIn.set(id, walk);
    if (walk.sort === 'log') lastInLog = walk;
  }
  return violations;
};

const describeLoss = ([messageId, earlier]: [string, Walk], later: Walk): Violation => ({
  invariant: 'monotonic-pages',
  description: 'a later walk misses a message that an earlier walk saw',
  witness: {
    messageId,
    earlier: describeWalk(earlier, earlier.messageIds.indexOf(messageId)),
    later: { sort: later.sort, startedAt: later.startedAt, length: later.messageIds.length },
  },
});

/** The final walks return exactly what is stored of each conversation, in either sort. */
export const checkReadBack = ({ stored, finalWalks }: Observation): Violation[] => {
  const walks = new Map(finalWalks.map((walk) => [`${walk.sort} ${walk.conversationId}`, walk]));
  return [...Map.groupBy(stored, ({ conversationId }) => conversationId)].flatMap(([conversationId, rows]) =>
    SORTS.flatMap((sort): Violation[] => {
      const expected = rows.toSorted(COMPARE[sort]).map(({ messageId }) => messageId);
      const read = walks.get(`${sort} ${conversationId}`)?.messageIds ?? [];
      const at = firstUnlike(expected, read);
      if (at === undefined) return [];
      const witness = { conversationId, sort, at, stored: neighbours(expected, at), read: neighbours(read, at) };
      const description = 'the stored messages and the messages read back differ';
      return [{ invariant: 'read-back-exactly-once', description, witness }];
    }),
  );
};

/** The walk of a user returns exactly what is stored of the messages that the user sent or got, newest first. */
export const checkUserPages = ({ stored, sends, userWalks }: Observation): Violation[] => {
  const walks = new Map(userWalks.map(({ user, messageIds }) => [user, messageIds]));
  return usersIn([...sends, ...stored]).flatMap((user): Violation[] => {
    const rows = stored.filter(({ fromUser, toUser }) => fromUser === user || toUser === user);
    const expected = rows.toSorted(COMPARE.timestamp).map(({ messageId }) => messageId);
    const at = firstUnlike(expected.reverse(), walks.get(user));
    if (at === undefined) return [];
    const read = neighbours(walks.get(user) ?? [], at);
    const witness = { user, at, stored: neighbours(expected, at), read };
    const description = 'the stored messages of a user and the pages of that user differ';
    return [{ invariant: 'user-pages-whole', description, witness }];
  });
};

/** The first index at which two lists differ. A list that was not read differs at its start. */
const firstUnlike = (expected: readonly string[], read: readonly string[] | undefined): number | undefined => {
  if (!read) return 0;
  const length = Math.max(expected.length, read.length);
  return Array.from({ length }, (_, index) => index).find((index) => expected[index] !== read[index]);
};

/**
 * Linearizability of the append (Herlihy and Wing, 1990, restricted to real-time precedence): when one message was
 * acknowledged before another was sent, the other must not precede it in the partition.
 */
export const checkRealTimeOrder = ({ stored }: Observation, messages: LogicalMessage[]): Violation[] => {
  const byId = new Map(messages.flatMap((message) => [...message.messageIds].map((id) => [id, message] as const)));
  const violations: Violation[] = [];
  for (const rows of Map.groupBy(stored, ({ conversationId }) => conversationId).values()) {
    // The loop goes from the last row to the first. This is the row after the current one that was acknowledged first.
    let later: { row: StoredRow; message: LogicalMessage } | undefined;
    for (const row of rows.toSorted(COMPARE.log).reverse()) {
      const message = byId.get(row.messageId);
      if (!message) continue;
      if (later && later.message.firstAckedAt < message.firstSentAt)
        violations.push({
          invariant: 'real-time-order',
          description: 'a message precedes one that was acknowledged before it was sent',
          witness: { ackedFirst: later, sentAfterwards: { row, message } },
        });
      if (!later || message.firstAckedAt < later.message.firstAckedAt) later = { row, message };
    }
  }
  return violations;
};
