import { TRACE_STEPS, type MessageTrace, type TraceStep } from '@wiber/contracts';
import { deadLetterIn, isUnderWay, sinceStepBefore, stepSentence } from './trace.text.ts';

const step = (kind: TraceStep['step'], more: Partial<TraceStep> = {}): TraceStep => ({
  step: kind,
  clock: 'gateway',
  ...more,
});
const trace = (state: MessageTrace['state'], ...steps: TraceStep[]): MessageTrace => ({ messageId: 'm', state, steps });

describe('the words of a trace', () => {
  it('are a sentence for each step, also without its facts', () => {
    for (const kind of TRACE_STEPS) {
      const sentence = stepSentence(step(kind));
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(sentence).not.toMatch(/undefined/);
    }
  });

  it('name who did it where that is known', () => {
    expect(stepSentence(step('accepted', { instance: 'gateway-1' }))).toMatch(/^Gateway gateway-1 took/);
    expect(stepSentence(step('taken', { instance: 'ingest-2' }))).toMatch(/^Ingest ingest-2 read/);
    expect(stepSentence(step('stored', { instance: 'ingest-2' }))).toMatch(/^Ingest ingest-2 stored/);
    expect(stepSentence(step('replayed', { operator: 'dora' }))).toMatch(/^dora sent it again/);
  });
});

describe('a trace', () => {
  it('is asked for again while the message is under way', () => {
    expect(isUnderWay(trace('pending'))).toBe(true);
    expect(isUnderWay({ ...trace('stored'), isLogUnread: true })).toBe(true);
    expect(isUnderWay(trace('replayed', step('replayed')))).toBe(true);
    for (const state of ['stored', 'dead_lettered', 'discarded'] as const) expect(isUnderWay(trace(state))).toBe(false);
  });

  it('is not asked for again when its message went on under another id', () => {
    expect(isUnderWay(trace('replayed', step('replayed', { messageId: 'other' })))).toBe(false);
  });

  it('names the newest dead letter of its message', () => {
    const [first, second] = ['1-1', '1-2'].map((deadLetterId) => step('dead_lettered', { deadLetterId }));
    expect(deadLetterIn(trace('stored', first as TraceStep, second as TraceStep))).toBe('1-2');
    expect(deadLetterIn(trace('stored', step('stored')))).toBeUndefined();
  });

  it('has a time since the step before only where both times are known', () => {
    const steps = [step('accepted', { at: 10 }), step('logged', { at: 7 }), step('stored')];
    expect([0, 1, 2].map((at) => sinceStepBefore(steps, at))).toEqual([undefined, -3, undefined]);
  });

  it('takes no difference of clocks from a replay, which is noted after the log has its message', () => {
    expect(sinceStepBefore([step('replayed', { at: 10 }), step('logged', { at: 7 })], 1)).toBeUndefined();
  });
});
