import { createRequire } from 'node:module';

/** A message as kafkajs decodes it. */
export interface FetchedMessage {
  offset: string;
  key: Buffer | null;
  isControlRecord: boolean;
  batchContext?: { producerId: string; inTransaction: boolean };
}

/** An aborted transaction that has records in a fetched range, as the broker lists it. Its first record may be before the range. */
export interface AbortedTransaction {
  producerId: string;
  firstOffset: string;
}

interface FetchedPartition {
  messages: FetchedMessage[];
  abortedTransactions: AbortedTransaction[];
}

interface FetchAnswer {
  decode: (bytes: Buffer) => Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
}

/** The type stands behind the version, two bytes each: https://kafka.apache.org/documentation/#controlbatch */
const CONTROL_TYPE_AT = 2;
const CONTROL_KEY_BYTES = 4;
const ABORT = 0;

/** Fetch Response (Version: 11), the newest that kafkajs knows. Every broker since Kafka 2.3 answers in it. */
const answer = createRequire(import.meta.url)('kafkajs/src/protocol/requests/fetch/v11/response.js') as FetchAnswer;
let isMended = false;

/**
 * From now on no client of this process reads records of aborted transactions. The filter of kafkajs 2.2.4 takes one
 * transaction off the broker's list for each message: it lets records of the others pass, and leaves out records that were
 * committed.
 */
export const readCommittedOnly = (): void => {
  if (isMended) return;
  isMended = true;
  const { decode } = answer;
  answer.decode = async (bytes) => {
    const fetched = await decode(bytes);
    for (const { partitions } of fetched.responses)
      for (const partition of partitions) {
        const { messages, abortedTransactions } = partition;
        if (abortedTransactions.length > 0) partition.messages = withoutAborted(messages, abortedTransactions);
        partition.abortedTransactions = [];
      }
    return fetched;
  };
};

/**
 * The messages of one fetch, each of an aborted transaction as a control record: kafkajs goes on behind it and hands it out
 * to nobody. Written anew and not taken from libs/kafka, because evidence must not trust the code under test. Source:
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-98+-+Exactly+Once+Delivery+and+Transactional+Messaging
 */
export const withoutAborted = (
  messages: readonly FetchedMessage[],
  transactions: readonly AbortedTransaction[],
): FetchedMessage[] => {
  const open = transactions.map(({ producerId, firstOffset }) => ({ producerId, firstOffset: Number(firstOffset) }));
  return messages.map((message) => {
    const { producerId, inTransaction } = message.batchContext ?? {};
    const at = open.findIndex((one) => one.producerId === producerId && one.firstOffset <= Number(message.offset));
    if (at < 0) return message;
    if (!message.isControlRecord) return inTransaction ? { ...message, isControlRecord: true } : message;
    if (isAbort(message)) open.splice(at, 1);
    return message;
  });
};

const isAbort = ({ key }: FetchedMessage): boolean =>
  key !== null && key.length >= CONTROL_KEY_BYTES && key.readInt16BE(CONTROL_TYPE_AT) === ABORT;
