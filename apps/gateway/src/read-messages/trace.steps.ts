import {
  conversationIdOf,
  isTime,
  type Message,
  type MessageTrace,
  type TraceState,
  type TraceStep,
  type TrailEntry,
} from '@wiber/contracts';
import { letterIdOf, ownIdOf } from '../messages/letter.identity.ts';
import {
  letterHeaders,
  messageIn,
  readRecordOf,
  recordFacts,
  type LogFacts,
  type MessageFacts,
  type RecordFacts,
} from './trace.facts.ts';

const STATES = {
  waiting: 'dead_lettered',
  replaying: 'dead_lettered',
  replayed: 'replayed',
  discarded: 'discarded',
} as const;

/**
 * The trace of a message from what is stored of it.
 * @param isOperator whether the caller may see what operators and errors say
 */
export const traceOf = (facts: MessageFacts, isOperator: boolean): MessageTrace => {
  const { messageId, stored, log, letter } = facts;
  const record = readRecordOf(log);
  const message = stored?.message ?? messageIn(record?.value ?? null);
  const origin = originOf(facts);
  const first = letter ? messageIn(letter.letter.value) : message;
  const ownId = letter && ownIdOf(letter.letter);
  const other = ownId === messageId ? undefined : ownId;
  const steps: TraceStep[] = [{ ...acceptedStep(first, origin), messageId: other }];
  if (letter) steps.push(...letterSteps(letter, { messageId, other, isOperator }));
  if (log) steps.push(loggedStep(log, message));
  if (stored) steps.push(...storedSteps(stored));
  const logs = [log, letter?.log].filter((one) => one !== undefined);
  const known = message ?? first ?? letter?.letter.replay?.message;
  return defined({
    messageId,
    state: stateOf(facts),
    conversationId: known && conversationIdOf(known.fromUser, known.toUser),
    traceId: origin?.traceId,
    correlationId: origin?.correlationId,
    isLogUnread: logs.some(({ record: found }) => found === 'unknown') || undefined,
    steps: steps.map(defined),
  });
};

const stateOf = ({ stored, letter }: MessageFacts): TraceState => {
  if (stored) return 'stored';
  return letter ? STATES[letter.letter.state] : 'pending';
};

/** Of the record that was sent first: a replay has a request of its own. */
const originOf = ({ log, letter }: MessageFacts): RecordFacts | undefined => {
  if (letter) return recordFacts(letterHeaders(letter.letter));
  const record = readRecordOf(log);
  return record && recordFacts(record.headers);
};

const acceptedStep = (message: Message | undefined, origin: RecordFacts | undefined): TraceStep => ({
  step: 'accepted',
  at: message?.timestamp,
  clock: 'gateway',
  instance: origin?.instance,
  lamport: message?.lamport,
});

const loggedStep = ({ position, ...log }: LogFacts, message: Message | undefined): TraceStep => ({
  step: 'logged',
  at: readRecordOf({ position, ...log })?.appendedAt,
  clock: 'broker',
  ...position,
  lamport: message?.lamport,
});

/** A document of an earlier version does not say when its record was taken. */
const storedSteps = (facts: NonNullable<MessageFacts['stored']>): TraceStep[] => {
  const { message, position, takenAt, storedAt, storedBy } = facts;
  const where = { clock: 'ingest', instance: storedBy, ...position, lamport: message.lamport } as const;
  const stored: TraceStep = { step: 'stored', at: storedAt, ...where };
  return takenAt === undefined ? [stored] : [{ step: 'taken', at: takenAt, ...where }, stored];
};

const letterSteps = (
  { letter, log }: NonNullable<MessageFacts['letter']>,
  { messageId, other, isOperator }: { messageId: string; other: string | undefined; isOperator: boolean },
): TraceStep[] => {
  const { reason, error, attempts, time, instance, dlq, trail, replay } = letter;
  const own = messageIn(letter.value);
  const rejected: TraceStep = {
    step: 'dead_lettered',
    messageId: other,
    at: time,
    clock: 'ingest',
    ...{ instance, partition: dlq.partition, offset: dlq.offset, lamport: own?.lamport },
    ...{ reason, attempts, deadLetterId: letterIdOf(letter), error: isOperator ? error : undefined },
  };
  const newId = replay && replay.message.messageId !== messageId ? replay.message.messageId : undefined;
  const done = trail.flatMap((entry, index): TraceStep[] => {
    const { who, what, note } = entry;
    const at = what === 'replayed' ? replayedAt(trail, index) : entry.at;
    const by = isOperator ? { operator: textOr(who), note: textOr(note) } : {};
    const when = { at: isTime(at) ? at : undefined, clock: 'gateway' } as const;
    if (what === 'discard') return [{ step: 'discarded', ...when, ...by }];
    if (what !== 'replayed') return [];
    const { partition, offset } = entry;
    return [
      { step: 'replayed', ...when, partition, offset, lamport: replay?.message.lamport, messageId: newId, ...by },
    ];
  });
  return [{ ...loggedStep(log, own), messageId: other }, rejected, ...done];
};

/** When the replay began: `replayed` is noted after the record is in the log, so its time is later than what it caused. */
const replayedAt = (trail: readonly TrailEntry[], index: number): number =>
  (trail.slice(0, index).findLast(({ what }) => what === 'replay') ?? trail[index]!).at;

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Without the fields that are undefined. */
const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
