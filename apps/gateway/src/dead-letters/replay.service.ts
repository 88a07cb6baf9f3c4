import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  decodeMessage,
  sameBody,
  type Message,
  type ReplayDto,
  type SendMessageDto,
  type TopicPosition,
  wallNow,
} from '@wiber/contracts';
import type { ListedLetter } from '@wiber/mongo';
import { letterIdOf, ownIdOf } from '../messages/letter.identity.ts';
import { replayIdFor, replayIdOfConflict } from '../messages/message.id.ts';
import { MessageAppender, type SentBy } from '../messages/message.appender.ts';
import { knownPosition } from '../messages/message.location.ts';
import { ConversationProgress } from './conversation.progress.ts';
import { DeadLettersService } from './dead-letters.service.ts';

export interface Operator extends SentBy {
  who: string;
}

/**
 * Sends the message of a dead letter, or the body that an operator gives instead. The message is written to the letter
 * before it is sent and never changes. So every repeat of the replay sends the same message, and the store keeps it once.
 */
@Injectable()
export class ReplayService {
  constructor(
    private readonly letters: DeadLettersService,
    private readonly progress: ConversationProgress,
    private readonly appender: MessageAppender,
    private readonly clock: LamportClock,
  ) {}

  /** @throws ProblemError when the letter can't be replayed so; NotSentError, OutcomeUnknownError: repeat the replay */
  async replay(place: TopicPosition, request: ReplayDto, operator: Operator): Promise<ListedLetter> {
    const found = await this.letters.find(place);
    const letter = found.state === 'waiting' ? await this.decide(found, request, operator) : found;
    const id = letterIdOf(letter);
    if (!letter.replay) throw new ProblemError('dead_letter_discarded', `${id} is discarded and stays so`);
    const { message, position } = letter.replay;
    const wanted = request.body ?? messageIn(letter);
    if (!wanted || !sameBody(wanted, message)) {
      const conflict = `${id} is replayed as ${message.messageId} with another body`;
      throw new ProblemError('replay_conflict', `${conflict}; GET /dead-letters/${id} shows it`);
    }
    return position ? letter : this.append(letter, message, operator);
  }

  /** Writes to the letter what will be sent. Of several decisions at once the first counts for all callers. */
  private async decide(letter: ListedLetter, { body, force }: ReplayDto, { who }: Operator): Promise<ListedLetter> {
    const message = await this.messageFor(letter, body);
    if (!force) await this.progress.refuseIfMovedOn(letter, message);
    const mended = body !== undefined;
    const { messageId } = message;
    const entry = { at: wallNow(), who, what: 'replay', messageId, mended, forced: force === true } as const;
    return this.letters.claim(letter, { message, mended }, entry);
  }

  private async append(letter: ListedLetter, message: Message, operator: Operator): Promise<ListedLetter> {
    const { who, ...sentBy } = operator;
    const draft = { message, json: JSON.stringify(message) };
    const position = await this.appender.append(draft, { ...sentBy, replayOf: letterIdOf(letter) });
    const entry = { at: wallNow(), who, what: 'replayed', ...knownPosition(position) } as const;
    return this.letters.noteReplayed(letter, position, entry);
  }

  private async messageFor(letter: ListedLetter, mended: SendMessageDto | undefined): Promise<Message> {
    const own = decodeMessage(letter.value);
    if (!mended && !own.ok) {
      const reason = `${letterIdOf(letter)} holds no valid message: ${own.detail}`;
      throw new ProblemError('mended_body_needed', `${reason}; send a body, {"body":{fromUser,toUser,content}}`);
    }
    const { fromUser, toUser, content } = mended ?? (own as typeof own & { ok: true }).message;
    const messageId = await this.idFor(letter, { fromUser, toUser, content });
    const timestamp = own.ok ? own.message.timestamp : wallNow();
    return { messageId, fromUser, toUser, content, timestamp, lamport: this.clock.tick() };
  }

  /** The record's own id. Another message may have it: the replay would then be a dead letter again, so it gets a new one. */
  private async idFor(letter: ListedLetter, body: SendMessageDto): Promise<string> {
    const own = ownIdOf(letter);
    if (own === undefined) return replayIdFor(letter);
    const isConflict = letter.reason === 'idempotency_conflict' || (await this.progress.isOfAnother(own, body));
    if (!isConflict) return own;
    const id = replayIdOfConflict(own, contentOf(letter));
    if (await this.progress.isOfAnother(id, body)) {
      const twin = `the record of ${letterIdOf(letter)} is in the log twice, and its twin was replayed as ${id}`;
      throw new ProblemError('replay_conflict', `${twin} with another body; discard this one`);
    }
    return id;
  }
}

/** The same for each copy of a record, also for one that another gateway wrote with a time of its own. */
const contentOf = ({ value }: ListedLetter): string => {
  const decoded = decodeMessage(value);
  if (!decoded.ok)
    return createHash('sha256')
      .update(value ?? '')
      .digest('hex');
  const { fromUser, toUser, content } = decoded.message;
  return JSON.stringify([fromUser, toUser, content]);
};

const messageIn = ({ value }: ListedLetter): Message | undefined => {
  const decoded = decodeMessage(value);
  return decoded.ok ? decoded.message : undefined;
};
