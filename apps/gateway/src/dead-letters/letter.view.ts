import { isUtf8 } from 'node:buffer';
import type { DeadLetterDto, DeadLetterStateDto, DeadLetterSummaryDto } from '@wiber/contracts';
import type { LetterSummary, ListedLetter } from '@wiber/mongo';
import { letterIdOf } from '../messages/letter.identity.ts';
import { knownPosition, messageLocation } from '../messages/message.location.ts';

export const summaryOf = (letter: LetterSummary): DeadLetterSummaryDto => {
  const { topic, partition, offset, reason, error, attempts, time, instance, state, valueBytes, dlq } = letter;
  const place = { dlqPartition: dlq.partition, dlqOffset: dlq.offset };
  return {
    id: letterIdOf(letter),
    ...{ topic, partition, offset, reason, error, attempts, time, instance, state, valueBytes },
    ...place,
  };
};

export const letterOf = (letter: ListedLetter): DeadLetterDto => ({
  ...summaryOf(letter),
  keyText: textOf(letter.key),
  keyBase64: letter.key?.toString('base64'),
  valueText: textOf(letter.value),
  valueBase64: letter.value?.toString('base64'),
  headers: letter.headers.map(({ name, value }) => {
    return { name, text: textOf(value), base64: value.toString('base64') };
  }),
  replay: letter.replay?.message,
  trail: letter.trail,
});

export const stateOf = (letter: ListedLetter): DeadLetterStateDto => ({
  id: letterIdOf(letter),
  state: letter.state,
  messageId: letter.replay?.message.messageId,
  ...knownPosition(letter.replay?.position),
});

/** The address of the message that a replayed letter became. */
export const locationOf = ({ replay }: Pick<ListedLetter, 'replay'>): string =>
  messageLocation(replay?.message.messageId ?? '', replay?.position);

const textOf = (bytes: Buffer | null): string | undefined =>
  bytes !== null && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
