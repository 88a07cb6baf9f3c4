import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  parseDeadLetterId,
  type LogPosition,
  type MessageTrace,
  type TopicPosition,
} from '@wiber/contracts';
import { RecordReader } from '@wiber/kafka';
import { DeadLetterReader, MessageReader, type ListedLetter, type StoredFacts } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { ownIdOf } from '../messages/letter.identity.ts';
import { FindMessageService, foundMessage, type FindRequest } from './find-message.service.ts';
import { messageIn, readRecordOf, recordFacts, type LogFacts, type MessageFacts } from './trace.facts.ts';
import { traceOf } from './trace.steps.ts';

export type TraceRequest = Pick<FindRequest, 'messageId' | 'position' | 'seen' | 'whenGone'> & {
  /** Whether the caller may see what operators and errors say. */
  isOperator: boolean;
};

const withinMs = GATEWAY_ENV.readDeadlineMs;

/** Tells what happened to one message, from the store, the log and the dead letters. */
@Injectable()
export class TraceMessageService {
  constructor(
    private readonly finder: FindMessageService,
    private readonly messages: MessageReader,
    private readonly letters: DeadLetterReader,
    private readonly records: RecordReader,
    private readonly clock: LamportClock,
  ) {}

  /**
   * @throws ProblemError message_not_found, position_not_found, log_unavailable, reads_overloaded; StoreUnavailableError,
   *   StoreBehindError, MessageUnreadableError
   */
  async trace(request: TraceRequest): Promise<MessageTrace> {
    const { messageId, isOperator } = request;
    const facts = await this.factsOf(request);
    const { stored, letter } = facts;
    // The client has then seen the message, so what it sends next is later.
    for (const seen of [stored?.message, letter?.letter.replay?.message]) if (seen) this.clock.observe(seen.lamport);
    return traceOf({ ...facts, messageId }, isOperator);
  }

  private async factsOf(request: TraceRequest): Promise<Omit<MessageFacts, 'messageId'>> {
    const { messageId, position, seen } = request;
    const stored = await this.messages.factsOf(messageId, { withinMs, seen });
    if (stored) return this.ofStored(stored, position);
    if (position) {
      const letter = await this.letterAt(position);
      if (letter && ownIdOf(letter) === messageId)
        return { stored: undefined, log: undefined, letter: await this.withLog(letter) };
    }
    const found = await this.finder.find({ ...request, waitS: undefined });
    if (found.message) return this.ofStoredSince(request);
    // Throws for all but what waits: a dead letter that was listed a moment ago is one, too.
    if (found.why !== 'pending') foundMessage(found, messageId);
    const log = await this.logAt(position as LogPosition);
    refuseAnother(log, messageId);
    return { stored: undefined, log, letter: undefined };
  }

  private async ofStoredSince({ messageId, position, seen }: TraceRequest): Promise<Omit<MessageFacts, 'messageId'>> {
    const stored = await this.messages.factsOf(messageId, { withinMs, seen });
    if (stored) return this.ofStored(stored, position);
    throw new ProblemError('message_not_found', `the message ${messageId} was deleted from the store`);
  }

  private async ofStored(
    stored: StoredFacts,
    asked: LogPosition | undefined,
  ): Promise<Omit<MessageFacts, 'messageId'>> {
    const { position, message } = stored;
    const log = position && (await this.logAt(position));
    const record = readRecordOf(log);
    const place = (record && parseDeadLetterId(recordFacts(record.headers).replayOf ?? '')) ?? asked;
    const isElsewhere = place && (place.partition !== position?.partition || place.offset !== position.offset);
    const letter = isElsewhere ? await this.letterAt(place) : undefined;
    // Another letter under this id had another body: it was never this message.
    const isReplay = letter?.replay?.message.messageId === message.messageId;
    return { stored, log, letter: isReplay ? await this.withLog(letter) : undefined };
  }

  private async letterAt(position: LogPosition): Promise<ListedLetter | undefined> {
    const place: TopicPosition = { topic: GATEWAY_ENV.topic, ...position };
    return (await this.letters.find(place, withinMs)) ?? undefined;
  }

  private async withLog(letter: ListedLetter): Promise<NonNullable<MessageFacts['letter']>> {
    const { partition, offset } = letter;
    return { letter, log: await this.logAt({ partition, offset }) };
  }

  private async logAt(position: LogPosition): Promise<LogFacts> {
    const record = await this.records.read(position);
    if (record === 'busy')
      throw new ProblemError('reads_overloaded', 'too many traces are asked for at once; try again in 1 s');
    return { position, record };
  }
}

/** @throws ProblemError message_not_found when the record at the position is another message */
const refuseAnother = (log: LogFacts, messageId: string): void => {
  const record = readRecordOf(log);
  if (!record) return;
  const ids = [messageIn(record.value)?.messageId, recordFacts(record.headers).messageId];
  if (ids.includes(messageId)) return;
  const detail = `no stored message has the id ${messageId}, and the record at this position is another one`;
  throw new ProblemError('message_not_found', `${detail}; take both from Location`);
};
