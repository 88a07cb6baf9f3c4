import type { RecordMetadata } from 'kafkajs';
import { UnacknowledgedError } from '../kafka.errors.ts';

/**
 * The offset of the first record that a send appended to a partition; -1 where the broker says that it does not know.
 *
 * kafkajs 2.2.4 resolves a send that sent nothing: a partition which its metadata lack has no leader, so no request is
 * made, and the list of answers is empty (producer/sendMessages.js). Only an entry for the partition that has an offset
 * and no error code is an acknowledgement.
 * @throws UnacknowledgedError
 */
export const baseOffsetOf = (
  answers: readonly (Partial<RecordMetadata> | null)[] | undefined,
  { topic, partition }: { topic: string; partition: number },
): number => {
  const answer = answers?.find((entry) => entry?.topicName === topic && entry.partition === partition);
  const baseOffset = answer?.baseOffset;
  if (answer?.errorCode === 0 && baseOffset !== undefined && /^(?:\d{1,16}|-1)$/.test(baseOffset))
    return Number(baseOffset);
  const got = answer ? `error code ${answer.errorCode}, offset ${baseOffset}` : 'no entry';
  throw new UnacknowledgedError(`the answer to a batch for partition ${partition} of ${topic} has ${got}`);
};
