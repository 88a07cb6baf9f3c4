import { Injectable } from '@nestjs/common';
import { ProblemError, deadLetterTopicOf, type DeadLetterSummaryDto } from '@wiber/contracts';
import { DeadLetterStore, type ListedLetter, type RecordPlace } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { encodeCursor, type LetterQuery } from './letter.request.ts';
import { letterIdOf, summaryOf } from './letter.view.ts';

export interface LetterPage {
  letters: DeadLetterSummaryDto[];
  next: string | undefined;
}

const maxTimeMS = GATEWAY_ENV.readDeadlineMs;

@Injectable()
export class DeadLettersService {
  constructor(private readonly letters: DeadLetterStore) {}

  async page(query: LetterQuery): Promise<LetterPage> {
    const dlqTopic = deadLetterTopicOf(GATEWAY_ENV.topic);
    const found = await this.letters.page({ dlqTopic, ...query, maxTimeMS });
    const last = found.length === query.limit ? found.at(-1) : undefined;
    const next = last && encodeCursor([last.time, last.dlq.partition, last.dlq.offset]);
    return { letters: found.map(summaryOf), next };
  }

  /** @throws ProblemError dead_letter_not_found */
  async find(place: RecordPlace): Promise<ListedLetter> {
    const letter = await this.letters.find(place, maxTimeMS);
    if (letter) return letter;
    const at = `${place.topic}, partition ${place.partition}, offset ${place.offset}`;
    throw new ProblemError('dead_letter_not_found', `no dead letter is listed of ${at}; see GET /dead-letters`);
  }

  /** A letter that is discarded already stays as it is. @throws ProblemError dead_letter_replayed */
  async discard(place: RecordPlace, { who, note }: { who: string; note: string | undefined }): Promise<ListedLetter> {
    const entry = { at: Date.now(), who, what: 'discard', ...(note === undefined ? {} : { note }) } as const;
    const letter = (await this.letters.discard(place, entry)) ?? (await this.find(place));
    if (letter.state === 'discarded') return letter;
    const how =
      letter.state === 'replayed' ? 'its message is in the log' : 'a replay is under way; repeat that to end it';
    throw new ProblemError('dead_letter_replayed', `${letterIdOf(letter)} can not be discarded: ${how}`);
  }
}
