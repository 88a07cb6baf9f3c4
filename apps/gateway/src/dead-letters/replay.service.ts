import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  decodeMessage,
  sameBody,
  type Message,
  type ReplayDto,
  type SendMessageDto,
} from '@wiber/contracts';
import type { ListedLetter, RecordPlace } from '@wiber/mongo';
import { replayIdFor } from '../messages/message.id.ts';
import { SendMessageService } from '../send-message/send-message.service.ts';
import { ConversationProgress } from './conversation.progress.ts';
import { DeadLettersService } from './dead-letters.service.ts';
import { ownIdOf } from './letter.identity.ts';
import { knownPlace, letterIdOf } from './letter.view.ts';

export interface Operator {
  who: string;
  correlationId: string;
}

/**
 * Sends what a dead letter holds, or what an operator put in its place, as any message is sent. What is sent is written
 * to the letter first and never changes: whoever repeats the replay, at whatever point it broke off, sends the same, and
 * the store keeps it once.
 */
@Injectable()
export class ReplayService {
  constructor(
    private readonly desk: DeadLettersService,
    private readonly progress: ConversationProgress,
    private readonly sender: SendMessageService,
    private readonly clock: LamportClock,
  ) {}

  /** @throws ProblemError with the code that says why not; NotSentError, OutcomeUnknownError: repeat it */
  async replay(place: RecordPlace, request: ReplayDto, operator: Operator): Promise<ListedLetter> {
    const found = await this.desk.find(place);
    const letter = found.state === 'waiting' ? await this.decide(found, request, operator) : found;
    const id = letterIdOf(letter);
    if (!letter.replay) throw new ProblemError('dead_letter_discarded', `${id} is discarded and stays so`);
    const { message, position } = letter.replay;
    const wanted = request.body ?? messageIn(letter);
    if (!wanted || !sameBody(wanted, message)) {
      const what = `${id} is replayed as ${message.messageId} with another body`;
      throw new ProblemError('replay_conflict', `${what}; GET /dead-letters/${id} shows it`);
    }
    return position ? letter : this.append(letter, message, operator);
  }

  /** Fixes what is going to be sent. Of several who decide at once the first counts, for all of them. */
  private async decide(letter: ListedLetter, { body, force }: ReplayDto, { who }: Operator): Promise<ListedLetter> {
    const message = await this.messageFor(letter, body);
    if (!force) await this.progress.refuseIfMovedOn(letter, message);
    const mended = body !== undefined;
    const { messageId } = message;
    const entry = { at: Date.now(), who, what: 'replay', messageId, mended, forced: force === true } as const;
    return this.desk.claim(letter, { message, mended }, entry);
  }

  private async append(letter: ListedLetter, message: Message, operator: Operator): Promise<ListedLetter> {
    const position = await this.sender.append({ message, json: JSON.stringify(message) }, operator.correlationId);
    const entry = { at: Date.now(), who: operator.who, what: 'replayed', ...knownPlace(position) } as const;
    return this.desk.finish(letter, position, entry);
  }

  private async messageFor(letter: ListedLetter, mended: SendMessageDto | undefined): Promise<Message> {
    const own = decodeMessage(letter.value);
    if (!mended && !own.ok) {
      const why = `${letterIdOf(letter)} holds no valid message: ${own.detail}`;
      throw new ProblemError('mended_body_needed', `${why}; give a mended body, {"body":{fromUser,toUser,content}}`);
    }
    const { fromUser, toUser, content } = mended ?? (own as typeof own & { ok: true }).message;
    const messageId = await this.idFor(letter, { fromUser, toUser, content });
    const timestamp = own.ok ? own.message.timestamp : Date.now();
    return { messageId, fromUser, toUser, content, timestamp, lamport: this.clock.tick() };
  }

  /** The record's own id, unless it is another message's: under that it would only be a dead letter again. */
  private async idFor(letter: ListedLetter, body: SendMessageDto): Promise<string> {
    const own = letter.reason === 'idempotency_conflict' ? undefined : ownIdOf(letter);
    if (own === undefined) return replayIdFor(letter);
    return (await this.progress.isOfAnother(own, body)) ? replayIdFor(letter) : own;
  }
}

const messageIn = ({ value }: ListedLetter): Message | undefined => {
  const decoded = decodeMessage(value);
  return decoded.ok ? decoded.message : undefined;
};
