import { HEADER, deadLetterIdOf, isMessageId, strayLetterIdOf } from '@wiber/contracts';
import type { LetterSummary, ListedLetter } from '@wiber/mongo';

/** The id that operators use. */
export const letterIdOf = (letter: Pick<LetterSummary, 'topic' | 'partition' | 'offset' | 'dlq'>): string =>
  letter.topic === letter.dlq.topic ? strayLetterIdOf(letter) : deadLetterIdOf(letter);

/** The message id of a record: from its value, also where the rest of the value is not valid, or from its headers. */
export const ownIdOf = ({ value, headers }: Pick<ListedLetter, 'value' | 'headers'>): string | undefined => {
  const inHeader = headers.findLast(({ name }) => name === HEADER.messageId)?.value.toString('latin1');
  return [idIn(value), inHeader].find((id) => id !== undefined && isMessageId(id));
};

const idIn = (value: Buffer | null): string | undefined => {
  try {
    const { messageId } = JSON.parse(value?.toString('utf8') ?? '{}') as { messageId?: unknown };
    return typeof messageId === 'string' ? messageId : undefined;
  } catch {
    return undefined;
  }
};
