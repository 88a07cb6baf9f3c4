import type { MessageTrace, TraceClock, TraceState, TraceStep, TraceStepKind } from '@wiber/contracts';

export const STEP_TITLE: Readonly<Record<TraceStepKind, string>> = {
  accepted: 'Accepted',
  logged: 'In the log',
  taken: 'Taken by ingest',
  stored: 'Stored',
  dead_lettered: 'Dead letter',
  replayed: 'Replayed',
  discarded: 'Discarded',
};

const CLOCK_OF: Readonly<Record<TraceClock, string>> = {
  gateway: 'the gateway’s clock',
  broker: 'the broker’s clock',
  ingest: 'the clock of ingest',
};
export const clockText = (clock: TraceClock): string => CLOCK_OF[clock];

/** One sentence of what happened in a step. */
export const stepSentence = (step: TraceStep): string => {
  const by = step.instance === undefined ? '' : ` ${step.instance}`;
  const isUnknown = step.instance === undefined && step.at === undefined;
  switch (step.step) {
    case 'accepted':
      return isUnknown
        ? 'A gateway took it, or another producer wrote it; the record does not say who and when.'
        : `${step.instance === undefined ? 'A gateway' : `Gateway${by}`} took the message and gave it its Lamport time.`;
    case 'logged':
      return `The leader of partition ${step.partition ?? 'unknown'} appended the record; every in-sync replica has it.`;
    case 'taken':
      return `Ingest${by} read the record from the log.`;
    case 'stored':
      return step.instance === undefined
        ? 'Ingest stored it in MongoDB. Which instance did it is not kept.'
        : `Ingest${by} stored it in MongoDB.`;
    case 'dead_lettered':
      return `Ingest${by} could not store the record and made it a dead letter.`;
    case 'replayed':
      return `${step.operator ?? 'An operator'} sent it again, at the end of its conversation.`;
    case 'discarded':
      return `${step.operator ?? 'An operator'} discarded it. It stays readable among the dead letters.`;
  }
};

/** What a trace's state is called, and what it means. `tone` goes with the label, never alone. */
export const STATE_TEXT: Readonly<
  Record<TraceState, { label: string; tone: 'good' | 'warn' | 'bad' | 'plain'; meaning: string }>
> = {
  pending: { label: 'Pending', tone: 'warn', meaning: 'It is in the log, and ingest has not come to it yet.' },
  stored: { label: 'Stored', tone: 'good', meaning: 'It is stored, and every reader can see it.' },
  dead_lettered: {
    label: 'Dead letter',
    tone: 'bad',
    meaning: 'It could not be stored. An operator can mend it and send it again.',
  },
  replayed: { label: 'Replayed', tone: 'good', meaning: 'It was a dead letter, and an operator sent it again.' },
  discarded: { label: 'Discarded', tone: 'plain', meaning: 'It was a dead letter, and an operator discarded it.' },
};

/** Whether a later look may show more: it is not stored yet, it was just sent again, or the log was not read. */
export const isUnderWay = ({ state, steps, isLogUnread }: MessageTrace): boolean => {
  if (isLogUnread === true || state === 'pending') return true;
  const replayed = steps.findLast(({ step }) => step === 'replayed');
  return state === 'replayed' && replayed?.messageId === undefined;
};

/** The dead letter that a message became; undefined for one that was always fine. */
export const deadLetterIn = ({ steps }: MessageTrace): string | undefined =>
  steps.findLast(({ deadLetterId }) => deadLetterId !== undefined)?.deadLetterId;

/**
 * Milliseconds from the step before, where both times are known. Negative: the clocks differ. A gateway notes a replay once the
 * log has its message, so how much earlier the log's time is says nothing.
 */
export const sinceStepBefore = (steps: readonly TraceStep[], at: number): number | undefined => {
  const [before, now] = [steps[at - 1], steps[at]];
  if (before?.at === undefined || now?.at === undefined) return undefined;
  const since = now.at - before.at;
  return since < 0 && before.step === 'replayed' ? undefined : since;
};
