import { jest } from '@jest/globals';
import { retryUntilReady } from './ready.wait.ts';

afterEach(() => jest.restoreAllMocks());

test('a clock that jumps during a wait ends no wait', async () => {
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 3_600_000);
    if (attempts < 3) throw new Error('not yet');
  };
  const { signal } = new AbortController();
  await retryUntilReady({ server: 'Kafka', noAnswer: 'no answer', attempt, withinMs: 60_000, signal });
  expect(attempts).toBe(3);
});
