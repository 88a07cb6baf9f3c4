import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  deadLetterTopicOf,
  type DeadLetterSummaryDto,
  type LogPosition,
  type TrailEntry,
} from '@wiber/contracts';
import { DeadLetterStore, StoreBreaker, type ListedLetter, type RecordPlace, type ReplayIntent } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { patienceFor } from '../store.reads.ts';
import { writeCursor, type LetterQuery } from './letter.request.ts';
import { letterIdOf, summaryOf } from './letter.view.ts';

export interface LetterPage {
  letters: DeadLetterSummaryDto[];
  next: string | undefined;
}

const maxTimeMS = GATEWAY_ENV.readDeadlineMs;
/** How long a change of state may wait for a majority of the members, in milliseconds. After that the client repeats it. */
const CHANGE_MS = 5000;

/** Lists dead letters, and is the one place that changes their state. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly letters: DeadLetterStore,
    private readonly breaker: StoreBreaker,
  ) {}

  async page(query: LetterQuery): Promise<LetterPage> {
    const dlqTopic = deadLetterTopicOf(GATEWAY_ENV.topic);
    const found = await this.breaker.run(() => this.letters.page({ dlqTopic, ...query, maxTimeMS }));
    const last = found.length === query.limit ? found.at(-1) : undefined;
    const next = last && writeCursor([last.time, last.dlq.partition, last.dlq.offset]);
    return { letters: found.map(summaryOf), next };
  }

  /** @throws ProblemError dead_letter_not_found */
  async find(place: RecordPlace): Promise<ListedLetter> {
    const letter = await this.breaker.run(() => this.letters.find(place, maxTimeMS));
    if (letter) return letter;
    const record = `partition ${place.partition}, offset ${place.offset} of ${place.topic}`;
    throw new ProblemError('dead_letter_not_found', `no dead letter is listed for ${record}; see GET /dead-letters`);
  }

  /** Writes what the replay will send. Of several claims of one letter the first counts, and all callers get it. */
  claim(place: RecordPlace, replay: ReplayIntent, entry: TrailEntry): Promise<ListedLetter> {
    return this.change(place, () => this.letters.claim(place, replay, entry));
  }

  /** Notes the position of the replayed message. The first note counts. */
  noteReplayed(place: RecordPlace, position: LogPosition, entry: TrailEntry): Promise<ListedLetter> {
    return this.change(place, () => this.letters.finish(place, position, entry));
  }

  /** A letter that is discarded already stays as it is. @throws ProblemError dead_letter_replayed */
  async discard(place: RecordPlace, { who, note }: { who: string; note: string | undefined }): Promise<ListedLetter> {
    const entry = { at: Date.now(), who, what: 'discard', ...(note === undefined ? {} : { note }) } as const;
    const letter = await this.change(place, () => this.letters.discard(place, entry));
    if (letter.state === 'discarded') return letter;
    const reason =
      letter.state === 'replayed' ? 'its message is in the log' : 'a replay has begun; repeat the replay to end it';
    throw new ProblemError('dead_letter_replayed', `${letterIdOf(letter)} can not be discarded: ${reason}`);
  }

  /** The letter after the change, or after the change of another operator that came first. */
  private async change(place: RecordPlace, work: () => Promise<ListedLetter | null>): Promise<ListedLetter> {
    return (await this.breaker.run(work, patienceFor(CHANGE_MS))) ?? this.find(place);
  }
}
