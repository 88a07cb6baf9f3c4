import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  deadLetterTopicOf,
  decodeMessage,
  type DeadLetterSummaryDto,
  type LogPosition,
  type TrailEntry,
  type TopicPosition,
  wallNow,
} from '@wiber/contracts';
import { DeadLetterReader, DeadLetterWriter, type ListedLetter, type ReplayIntent } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { letterIdOf } from '../messages/letter.identity.ts';
import { writeCursor, type LetterQuery } from './letter.request.ts';
import { summaryOf } from './letter.view.ts';

export interface LetterPage {
  letters: DeadLetterSummaryDto[];
  next: string | undefined;
}

const withinMs = GATEWAY_ENV.readDeadlineMs;

/** Lists dead letters, and is the one place that changes their state. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly reader: DeadLetterReader,
    private readonly writer: DeadLetterWriter,
    private readonly clock: LamportClock,
  ) {}

  async page(query: LetterQuery): Promise<LetterPage> {
    const dlqTopic = deadLetterTopicOf(GATEWAY_ENV.topic);
    const found = await this.reader.page({ dlqTopic, ...query, withinMs });
    const last = found.length === query.limit ? found.at(-1) : undefined;
    const next = last && writeCursor([last.time, last.dlq.partition, last.dlq.offset]);
    return { letters: found.map(summaryOf), next };
  }

  /** @throws ProblemError dead_letter_not_found */
  async find(place: TopicPosition): Promise<ListedLetter> {
    const letter = await this.reader.find(place, withinMs);
    if (letter) return this.seen(letter);
    const record = `partition ${place.partition}, offset ${place.offset} of ${place.topic}`;
    throw new ProblemError('dead_letter_not_found', `no dead letter is listed for ${record}; see GET /dead-letters`);
  }

  /** Writes what the replay will send. Of several claims of one letter the first counts, and all callers get it. */
  claim(place: TopicPosition, replay: ReplayIntent, entry: TrailEntry): Promise<ListedLetter> {
    return this.current(place, this.writer.claim(place, replay, entry));
  }

  /** Notes the position of the replayed message. The first note counts. */
  noteReplayed(place: TopicPosition, position: LogPosition, entry: TrailEntry): Promise<ListedLetter> {
    return this.current(place, this.writer.complete(place, position, entry));
  }

  /** A letter that is discarded already stays as it is. @throws ProblemError dead_letter_replayed */
  async discard(place: TopicPosition, { who, note }: { who: string; note: string | undefined }): Promise<ListedLetter> {
    const entry = { at: wallNow(), who, what: 'discard', ...(note === undefined ? {} : { note }) } as const;
    const letter = await this.current(place, this.writer.discard(place, entry));
    if (letter.state === 'discarded') return letter;
    const reason =
      letter.state === 'replayed' ? 'its message is in the log' : 'a replay has begun; repeat the replay to end it';
    throw new ProblemError('dead_letter_replayed', `${letterIdOf(letter)} can not be discarded: ${reason}`);
  }

  /** The letter after the change, or after the change of another operator that came first. */
  private async current(place: TopicPosition, change: Promise<ListedLetter | null>): Promise<ListedLetter> {
    const letter = await change;
    return letter ? this.seen(letter) : this.find(place);
  }

  /** The operator sees what it holds, so what is sent next, its replay too, has a later Lamport time. */
  private seen(letter: ListedLetter): ListedLetter {
    const own = decodeMessage(letter.value);
    if (own.ok) this.clock.observe(own.message.lamport);
    if (letter.replay) this.clock.observe(letter.replay.message.lamport);
    return letter;
  }
}
