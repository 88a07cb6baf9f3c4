import {
  COUNT,
  binOf,
  latencyCount,
  readDeadLetter,
  reasonCount,
  type Figures,
  type ListedReason,
} from '@wiber/contracts';
import type { ReadRecord } from '@wiber/kafka';
import type { StoredTime } from '@wiber/mongo';
import type { ConversationSamples } from './conversation.samples.ts';

/** What one record adds to every window that it is in. */
export interface Fact extends Figures {
  /** Its place in its partition. */
  offset: number;
  /** The time that decides its windows, in integer milliseconds. */
  at: number;
}

/** Two names of at most 50 characters of 4 bytes, and a colon. A longer key is none of a conversation. */
const KEY_MAX_BYTES = 401;
const NO_SAMPLES = {};

/** An accepted record. Its key names the conversation and both users; under a key that does not, only the record counts. */
export const acceptedFact = ({ offset, timestamp, key, value }: ReadRecord, samples: ConversationSamples): Fact => {
  const conversation = conversationOf(key);
  return {
    offset,
    at: timestamp,
    counts: { [COUNT.records]: 1, [COUNT.bytes]: value?.length ?? 0 },
    samples: conversation === undefined ? NO_SAMPLES : samples.of(conversation),
  };
};

/** The conversation that a key names; undefined of a key that names none. */
export const conversationOf = (key: Buffer | null): string | undefined => {
  if (key === null || key.length > KEY_MAX_BYTES) return undefined;
  const conversation = key.toString();
  const colon = conversation.indexOf(':');
  const namesTwo = colon > 0 && colon < conversation.length - 1 && !conversation.includes(':', colon + 1);
  return namesTwo ? conversation : undefined;
};

/** A dead letter, as the dead-letter topic has it. `unknown` without headers that are ours. */
export const deadLetterFact = ({ offset, timestamp, headers }: ReadRecord, messageTopic: string): Fact => {
  const letter = readDeadLetter(headers);
  const reason: ListedReason = letter?.topic === messageTopic ? letter.reason : 'unknown';
  return { offset, at: timestamp, counts: { [COUNT.records]: 1, [reasonCount(reason)]: 1 }, samples: NO_SAMPLES };
};

/**
 * A stored message. Two clocks make its latency, that of the gateway and that of ingest, so it may be negative: such a one is
 * counted apart.
 */
export const storedFact = ({ offset, acceptedAt, storedAt }: StoredTime): Fact => {
  const latency = storedAt - acceptedAt;
  const name = latency < 0 ? COUNT.negative : latencyCount(binOf(latency));
  return { offset, at: storedAt, counts: { [COUNT.records]: 1, [name]: 1 }, samples: NO_SAMPLES };
};
