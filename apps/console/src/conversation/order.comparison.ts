import type { Message } from '@wiber/contracts';
import { durationText } from '../messages/duration.text.ts';

/** The orders of a conversation. The log is the one to compare with: it never changes once it is shown. */
export const SORTS = ['log', 'lamport', 'timestamp'] as const;
export type Sort = (typeof SORTS)[number];

/** Why a message stands elsewhere than in the log: by its relation to one message that it has changed places with. */
export interface Move {
  /** `up`: before `other`, which the log has first. `down`: behind `other`, which the log has later. */
  direction: 'up' | 'down';
  other: Message;
  reason: string;
}

export interface PlacedMessage {
  message: Message;
  move?: Move;
}

/**
 * A conversation in one order, each message that stands elsewhere than in the log with its reason. As few messages as possible
 * are named: those that are left when a longest run of messages in the log's order is taken out.
 * @param log the same conversation by the log; messages that it lacks are compared with nothing
 */
export const compareWithLog = (sort: Sort, order: readonly Message[], log: readonly Message[]): PlacedMessage[] => {
  const placeInLog = new Map(log.map(({ messageId }, place) => [messageId, place]));
  const known = order.filter(({ messageId }) => placeInLog.has(messageId));
  const ranks = known.map(({ messageId }) => placeInLog.get(messageId) as number);
  const isKept = longestRun(ranks);
  const moves = new Map<string, Move>();
  for (const [at, message] of known.entries()) {
    if (isKept[at]) continue;
    const move = moveOf(at, { sort, known, ranks, isKept });
    if (move) moves.set(message.messageId, move);
  }
  return order.map((message) => {
    const move = moves.get(message.messageId);
    return move ? { message, move } : { message };
  });
};

interface Ranked {
  sort: Sort;
  known: readonly Message[];
  ranks: readonly number[];
  isKept: readonly boolean[];
}

/** The nearest message that stays in the log's order and stands on the wrong side. One is there, else this one would be kept. */
const moveOf = (at: number, { sort, known, ranks, isKept }: Ranked): Move | undefined => {
  const message = known[at] as Message;
  const rank = ranks[at] as number;
  for (let far = 1; far < known.length; far += 1) {
    for (const there of [at - far, at + far]) {
      const other = known[there];
      const otherRank = ranks[there];
      if (!other || otherRank === undefined || !isKept[there]) continue;
      const isBefore = at < there;
      if (isBefore === rank < otherRank) continue;
      return { direction: isBefore ? 'up' : 'down', other, reason: reasonOf(sort, message, other) };
    }
  }
  return undefined;
};

const reasonOf = (sort: Sort, message: Message, other: Message): string => {
  if (sort === 'lamport') return lamportReason(message, other);
  const apart = message.timestamp - other.timestamp;
  if (apart === 0) return 'Both have the same millisecond, so the message id decides.';
  const side = apart < 0 ? 'earlier' : 'later';
  return (
    `By its gateway’s clock it is ${durationText(Math.abs(apart))} ${side}. ` +
    'The clocks of gateways differ, or one of the two waited on its way to the log.'
  );
};

/**
 * Had one sender seen the message of the other, its number would be larger, and its place in the partition would be later. A
 * message of the page does not tell its partition, so the exception is named.
 */
const lamportReason = (message: Message, other: Message): string => {
  const { lamport } = message;
  const relation = lamport < other.lamport ? `smaller than ${other.lamport}` : `larger than ${other.lamport}`;
  const numbers =
    lamport === other.lamport
      ? `Both have Lamport time ${lamport}, so the message id decides.`
      : `Its Lamport time ${lamport} is ${relation}.`;
  return `${numbers} Neither sender had seen the other message, unless partitions were changed between them.`;
};

/** Which values are in one longest strictly growing run, in n log n. */
export const longestRun = (values: readonly number[]): boolean[] => {
  /** The index of the smallest last value of a run of each length. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [at, value] of values.entries()) {
    let [from, to] = [0, ends.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((values[ends[middle] as number] as number) < value) from = middle + 1;
      else to = middle;
    }
    before[at] = from > 0 ? (ends[from - 1] as number) : -1;
    ends[from] = at;
  }
  const isIn = values.map(() => false);
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] as number) isIn[at] = true;
  return isIn;
};
