import { jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { ReadsOverloadedError, type StatsReader } from '@wiber/mongo';
import { CountedProgress } from './counted.progress.ts';
import { StatsAnswers, type Asked } from './stats.answers.ts';

const OVERVIEW: Asked = { nameAt: () => 'overview' };
const series = (from: number): Asked => ({ nameAt: () => `series ${from}`, turns: 'all' });

/** Answers over a store in which a worker has counted at a time. `looks` has how often it was asked. */
const answersAt = (countedAt: number | undefined) => {
  const seen = { at: countedAt, looks: 0 };
  const reader = {
    progress: async () => {
      seen.looks += 1;
      return seen.at === undefined ? undefined : { at: seen.at };
    },
    work: async <T>(piece: () => T) => piece(),
  } as unknown as StatsReader;
  const progress = new CountedProgress(reader);
  return { seen, answers: new StatsAnswers(reader, progress) };
};
const outcomeOf = (answer: Promise<Buffer>) =>
  answer.then(
    (json) => json.toString(),
    (error: unknown) => (error as Error).name,
  );

test('before a worker has counted, the answer says so and when to ask again, and the next call looks again', async () => {
  const { answers, seen } = answersAt(undefined);
  for (let call = 1; call <= 2; call += 1) {
    const answer = answers.json(OVERVIEW, async () => 'never made');
    await expect(answer).rejects.toMatchObject({ code: 'stats_pending', retryAfterS: 1 });
    expect(seen.looks).toBe(call);
  }
});

test('a thousand equal questions, at once and one after the other, cost one look and one answer until the worker counts again', async () => {
  jest.useFakeTimers();
  try {
    const { answers, seen } = answersAt(5);
    let made = 0;
    const make = async () => ({ made: (made += 1) });
    const all = await Promise.all(Array.from({ length: 1000 }, () => answers.json(OVERVIEW, make)));
    for (let call = 0; call < 1000; call += 1) all.push(await answers.json(OVERVIEW, make));
    expect(new Set(all.map(String))).toEqual(new Set(['{"made":1}']));
    expect(seen.looks).toBe(1);
    seen.at = 6;
    await jest.advanceTimersByTimeAsync(250);
    expect(String(await answers.json(OVERVIEW, make))).toBe('{"made":2}');
  } finally {
    jest.useRealTimers();
  }
});

test('an answer is kept for two seconds at most: a worker that died may have counted more than it said', async () => {
  jest.useFakeTimers();
  try {
    const { answers } = answersAt(5);
    let made = 0;
    const make = async () => (made += 1);
    for (const [waitMs, answer] of [
      [0, '1'],
      [1999, '1'],
      [1, '2'],
    ] as const) {
      await jest.advanceTimersByTimeAsync(waitMs);
      expect(String(await answers.json(OVERVIEW, make))).toBe(answer);
    }
  } finally {
    jest.useRealTimers();
  }
});

test('of a thousand different series at once two are made and 32 wait; the others are refused at once, and the overview passes', async () => {
  const { answers } = answersAt(5);
  const made: (() => void)[] = [];
  const make = () => new Promise<object>((resolve) => made.push(() => resolve({})));
  const all = Array.from({ length: 1000 }, (_, from) => outcomeOf(answers.json(series(from), make)));
  expect(new Set(await Promise.all(all.slice(34)))).toEqual(new Set([ReadsOverloadedError.name]));
  expect(made).toHaveLength(2);
  expect(await outcomeOf(answers.json(OVERVIEW, async () => ({ total: 1 })))).toBe('{"total":1}');
  for (let ended = 0; ended < 34; ended += 1) {
    expect(made.length).toBeLessThanOrEqual(ended + 2);
    made[ended]?.();
    await all[ended];
    await turn();
  }
  expect(new Set(await Promise.all(all.slice(0, 34)))).toEqual(new Set(['{}']));
});

test('an answer that failed is not kept', async () => {
  const { answers } = answersAt(5);
  await expect(answers.json(OVERVIEW, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(String(await answers.json(OVERVIEW, async () => 1))).toBe('1');
});

test('an answer that takes longer than its call is refused as overloaded, is made to its end, and answers the next call', async () => {
  jest.useFakeTimers();
  try {
    const { answers } = answersAt(5);
    const read = Promise.withResolvers<object>();
    let made = 0;
    const make = () => ((made += 1), read.promise);
    const late = outcomeOf(answers.json(OVERVIEW, make));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await late).toBe('ProblemError');
    read.resolve({ total: 1 });
    await jest.advanceTimersByTimeAsync(0);
    expect(await outcomeOf(answers.json(OVERVIEW, make))).toBe('{"total":1}');
    expect(made).toBe(1);
  } finally {
    jest.useRealTimers();
  }
});

test('all reads of one answer end after a bounded time, and each has the time of a read', async () => {
  jest.useFakeTimers();
  try {
    const { answers } = answersAt(5);
    const times: number[] = [];
    const endless = answers.json(OVERVIEW, async (_, limits) => {
      for (;;) {
        times.push(limits.withinMs);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    });
    const outcome = outcomeOf(endless);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toBe('ProblemError');
    expect([times.length, Math.max(...times)]).toEqual([15, 1500]);
  } finally {
    jest.useRealTimers();
  }
});

test('large answers together have 20 MB in a second, also when they are kept: one waits, and is refused when its time is less', async () => {
  jest.useFakeTimers();
  try {
    const { answers } = answersAt(5);
    const large = async () => 'x'.repeat(100_000);
    let given = 0;
    // Within a second, in which the answer is kept.
    const all = Array.from({ length: 1000 }, () =>
      outcomeOf(answers.json(OVERVIEW, large)).then(
        (outcome) => ((given += Number(outcome.length > 100_000)), outcome),
      ),
    );
    await jest.advanceTimersByTimeAsync(0);
    expect(given).toBeLessThanOrEqual(2_000_000 / 100_000 + 1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(given).toBeLessThanOrEqual(22_000_000 / 100_000 + 1);
    await jest.advanceTimersByTimeAsync(1000);
    const outcomes = await Promise.all(all);
    expect(new Set(outcomes.filter((outcome) => outcome.length < 100_000))).toEqual(
      new Set([ReadsOverloadedError.name]),
    );
    expect(await outcomeOf(answers.json(series(1), async () => 1))).toBe('1');
  } finally {
    jest.useRealTimers();
  }
});
