import { conversationIdOf } from '@wiber/contracts';
import type { StoredRow } from '../evidence/evidence.ts';
import type { Send } from '../traffic/send.ts';

export interface Gap {
  /** Milliseconds of the clock of the run. */
  from: number;
  ms: number;
}

/** The longest time between `from` and `to` without any of these times. */
export const longestGap = (times: readonly number[], { from, to }: { from: number; to: number }): Gap => {
  const inside = times.filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  let last = from;
  let longest: Gap = { from, ms: 0 };
  for (const at of [...inside, to]) {
    if (at - last > longest.ms) longest = { from: last, ms: at - last };
    last = at;
  }
  return longest;
};

/** The longest times without an accepted send, and without a stored message. */
export interface Gaps {
  accepted: Gap;
  stored: Gap;
}

export interface GapParts {
  sends: readonly Send[];
  stored: readonly StoredRow[];
  /** When each message of `stored` was stored, in milliseconds of the clock of the run. */
  storedAt: readonly number[];
  from: number;
  to: number;
}

const acceptedTimes = (sends: readonly Send[]): number[] =>
  sends.flatMap(({ outcome, answeredAt }) => (outcome.type === 'acknowledged' ? [answeredAt] : []));

export const gapsOf = ({ sends, storedAt, from, to }: GapParts): Gaps => ({
  accepted: longestGap(acceptedTimes(sends), { from, to }),
  stored: longestGap(storedAt, { from, to }),
});

/** The longest gaps that one of these partitions had. Undefined when no conversation is in any of them. */
export const gapsOfPartitions = (partitions: readonly number[], parts: GapParts): Gaps | undefined => {
  const { sends, stored, storedAt } = parts;
  const partitionOf = new Map(stored.map(({ conversationId, partition }) => [conversationId, partition]));
  const sendsOf = Map.groupBy(sends, ({ fromUser, toUser }) => partitionOf.get(conversationIdOf(fromUser, toUser)));
  const found = partitions
    .filter((partition) => sendsOf.has(partition))
    .map((partition) => {
      const own = storedAt.filter((_, index) => stored[index]?.partition === partition);
      return gapsOf({ ...parts, sends: sendsOf.get(partition)!, storedAt: own });
    });
  const longest = (name: keyof Gaps) => found.map((gaps) => gaps[name]).sort((a, b) => b.ms - a.ms)[0]!;
  return found.length === 0 ? undefined : { accepted: longest('accepted'), stored: longest('stored') };
};
