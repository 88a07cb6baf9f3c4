import { jest } from '@jest/globals';
import type { Send, SendOutcome } from './checker/observation.ts';
import { Progress } from './progress.ts';

const screen = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
};

const sendOf = (outcome: SendOutcome): Send => ({
  ...{ id: 0, fromUser: 'a', toUser: 'b', content: 'c', sentAt: 0, answeredAt: 1 },
  outcome,
});

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('without a terminal there is a line for each phase and one every 10 s, with the counts of answers', () => {
  const out = screen(false);
  const progress = new Progress(out);
  const followed = { sends: [] as Send[], now: 4000 };
  progress.follow(followed);
  progress.showPhase('loading');
  followed.sends.push(sendOf({ type: 'acked', messageId: 'm' }), sendOf({ type: 'unknown', cause: 'no answer' }));
  jest.advanceTimersByTime(9999);
  expect(out.written).toEqual(['chaos: 4 s, loading, 0 acked, 0 unknown, 0 refused\n']);
  followed.sends.push(sendOf({ type: 'refused', code: 'overloaded' }));
  jest.advanceTimersByTime(1);
  expect(out.written.at(-1)).toBe('chaos: 4 s, loading, 1 acked, 1 unknown, 1 refused\n');
  progress.end();
  jest.advanceTimersByTime(60_000);
  expect(out.written).toHaveLength(2);
});

test('on a terminal one line is redrawn, and other lines stay above it', () => {
  const out = screen(true);
  const progress = new Progress(out);
  progress.showPhase('kill-leader of kafka-1');
  progress.say('seed 7');
  progress.end();
  expect(out.written.join('')).toBe(
    '\r\x1b[Kchaos: 0 s, kill-leader of kafka-1\r\x1b[Kchaos: seed 7\n\r\x1b[Kchaos: 0 s, kill-leader of kafka-1\r\x1b[K',
  );
});
