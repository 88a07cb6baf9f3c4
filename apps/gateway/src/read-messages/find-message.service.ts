import { Injectable } from '@nestjs/common';
import {
  LamportClock,
  ProblemError,
  type CausalToken,
  type LogPosition,
  type Message,
  type ProblemCode,
} from '@wiber/contracts';
import { LogEnds, type WhenGone } from '@wiber/kafka';
import { MessageReader } from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { MessageFate, type Fate } from '../messages/message.fate.ts';
import { ReleasedReads } from './released.reads.ts';

export interface FindRequest {
  messageId: string;
  /** Where Kafka has the message, when the client knows it. */
  position: LogPosition | undefined;
  /** Seconds to wait until ingest has passed the position; undefined: do not wait. */
  waitS: number | undefined;
  seen: CausalToken | undefined;
  /** Ends the wait of a client that is no longer there. */
  whenGone?: WhenGone | undefined;
}

/** nowhere: the log has no record at the position. unknown: Kafka does not say whether it has one. */
type Why = Exclude<Fate, 'stored'> | 'nowhere' | 'unknown';
/** A message, or why there is none. */
export type FoundMessage = { message: Message } | { message: undefined; why: Why };

/** Finds one message by its id. */
@Injectable()
export class FindMessageService {
  private readonly released: ReleasedReads;

  constructor(
    private readonly messages: MessageReader,
    private readonly ends: LogEnds,
    private readonly fates: MessageFate,
    private readonly clock: LamportClock,
  ) {
    this.released = new ReleasedReads(messages, GATEWAY_ENV.readDeadlineMs);
  }

  async find(request: FindRequest): Promise<FoundMessage> {
    const { position, waitS = 0 } = request;
    const end = monotonicNow() + waitS * 1000;
    // First the store: a stored message is an answer whatever position came with it.
    const stored = await this.read(request);
    if (stored) return { message: stored };
    if (!position) return none('missing');
    const existence = await this.ends.has(position);
    if (existence === 'absent') return none('nowhere');
    const ms = Math.max(0, end - monotonicNow());
    // Kafka does not answer, and the client does not wait until it does.
    if (existence === 'unknown' && ms === 0) return none('unknown');
    const found = await this.awaitFate({ ...request, position }, ms);
    const isUnknown = existence === 'unknown' && !found.message && found.why === 'pending';
    return isUnknown ? none('unknown') : found;
  }

  private async awaitFate(request: FindRequest & { position: LogPosition }, ms: number): Promise<FoundMessage> {
    const fate = await this.fates.of({ ...request, ms });
    if (fate !== 'stored') return none(fate);
    const message = this.shown(await this.released.read(request.messageId));
    return message ? { message } : none('pending');
  }

  private async read({ messageId, seen }: FindRequest): Promise<Message | null> {
    return this.shown(await this.messages.byId(messageId, { withinMs: GATEWAY_ENV.readDeadlineMs, seen }));
  }

  /** The client has then seen the message, so what it sends next is later. */
  private shown<T extends Message | null | undefined>(message: T): T {
    if (message) this.clock.observe(message.lamport);
    return message;
  }
}

const none = (why: Why): FoundMessage => ({ message: undefined, why });

const CODES = {
  missing: 'message_not_found',
  nowhere: 'position_not_found',
  dead_lettered: 'message_dead_lettered',
  pending: 'message_pending',
  unknown: 'log_unavailable',
} as const satisfies Record<string, ProblemCode>;

/** @throws ProblemError message_pending, message_dead_lettered, position_not_found, message_not_found, log_unavailable */
export const foundMessage = (found: FoundMessage, messageId: string): Message => {
  if (found.message) return found.message;
  const details = {
    missing: `no stored message has the id ${messageId}`,
    nowhere: `no stored message has the id ${messageId}, and the log has no record at this position; take both from Location`,
    dead_lettered: 'the message could not be stored and is kept as a dead letter; an operator may send it again',
    pending: 'the message is accepted and not stored yet; ask again',
    unknown:
      'no stored message has this id, and Kafka does not say whether the log has a record at this position; ask again',
  };
  const again = found.why === 'pending' || found.why === 'unknown' ? { retryAfterS: 1 } : {};
  throw new ProblemError(CODES[found.why], details[found.why], again);
};
