import { conversationIdOf, type Message } from '@wiber/contracts';
import { contentOf } from './load.content.ts';

/** How the ids of messages follow each other: in the order of time without an Idempotency-Key, at random with one. */
export const ID_ORDERS = ['time', 'random'] as const;
export type IdOrder = (typeof ID_ORDERS)[number];

/** The messages of a growing store. Each follows from its number, so that every process knows what is stored. */
export interface Workload {
  ids: IdOrder;
  /** The timestamp of the first message, in milliseconds. */
  startMs: number;
  /** Messages in a second of their timestamps. The filler is faster. */
  pace: number;
}

export const CONTENT_BYTES = 200;
const CONVERSATIONS = 100_000;
const USERS = 50_000;
/** The first messages go to few conversations, so that pages have their full length from the start. */
const FIRST = { messages: 10_000, conversations: 200 };

/** Spreads whole numbers over 32 bits; two numbers never get the same. Source: the finalizer of MurmurHash3. */
const spread = (number: number): number => {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const timestampOf = ({ startMs, pace }: Workload, number: number): number =>
  startMs + Math.floor((number * 1000) / pace);

/** A UUIDv7, later for a later message: RFC 9562, section 5.7. The number of the message stands behind the time. */
const idInTime = (workload: Workload, number: number): string => {
  const time = hex(timestampOf(workload, number), 12);
  const [high, low] = [number >>> 14, number & 0x3fff];
  const rest = hex(spread(number), 8) + hex(spread(number) & 0xffff, 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(high & 0xfff, 3)}-${hex(0x8000 | low, 4)}-${rest}`;
};

/** In the form of a UUIDv5, which messages under a key have: RFC 9562, section 5.5. */
const idAtRandom = (number: number): string => {
  const first = spread(number);
  const [second, third, fourth] = [spread(first ^ 0x9e3779b9), spread(first ^ 0x3c6ef372), spread(first ^ 0xdaa66d2b)];
  const [middle, variant] = [hex(second >>> 16, 4), hex(0x8000 | (third & 0x3fff), 4)];
  return `${hex(first, 8)}-${middle}-5${hex(second & 0xfff, 3)}-${variant}-${hex(third >>> 16, 4)}${hex(fourth, 8)}`;
};

export const messageIdAt = (workload: Workload, number: number): string =>
  workload.ids === 'time' ? idInTime(workload, number) : idAtRandom(number);

/** The two users of a message: of a conversation chosen at random. */
export const usersAt = (number: number): [string, string] => {
  const { messages, conversations } = FIRST;
  const conversation = number < messages ? number % conversations : spread(number) % CONVERSATIONS;
  const first = conversation % USERS;
  const other = (first + 1 + (spread(~conversation) % (USERS - 1))) % USERS;
  return [`user-${first}`, `user-${other}`];
};

/** The record of a message, as the gateway writes it. */
export const recordAt = (workload: Workload, number: number): { key: string; value: string } => {
  const [fromUser, toUser] = usersAt(number);
  const message: Message = {
    messageId: messageIdAt(workload, number),
    fromUser,
    toUser,
    content: contentOf(number, CONTENT_BYTES),
    timestamp: timestampOf(workload, number),
    lamport: number,
  };
  return { key: conversationIdOf(fromUser, toUser), value: JSON.stringify(message) };
};
