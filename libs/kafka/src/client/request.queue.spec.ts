import { jest } from '@jest/globals';
import { RequestQueue, type PushedRequest } from './kafkajs.internals.ts';
import './kafkajs.mends.ts';

const logger = { debug: () => undefined };
const newQueue = (maxInFlightRequests: number | null) => new RequestQueue({ maxInFlightRequests, logger });
/** Resolves when the request is sent. */
const push = (queue: InstanceType<typeof RequestQueue>, correlationId: number): Promise<void> =>
  new Promise((sent) => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: sent });
  });
const answer = (queue: InstanceType<typeof RequestQueue>, correlationId: number) =>
  queue.fulfillRequest({ correlationId, payload: null, size: 0 });

test('a connection without a waiting request has no timer', async () => {
  const queue = newQueue(null);
  await push(queue, 1);
  answer(queue, 1);
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('a request that is delayed, by a limit or because the broker throttles, is sent all the same, and then the timer ends', async () => {
  const queue = newQueue(1);
  await push(queue, 1);
  const second = push(queue, 2);
  expect(queue.pending).toHaveLength(1);
  answer(queue, 1);
  await second;
  queue.maybeThrottle(30);
  const third = push(queue, 3);
  answer(queue, 2);
  expect(queue.throttleCheckTimeoutId).not.toBeNull();
  await third;
  answer(queue, 3);
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

const HOUR_MS = 3_600_000;

test('a request that is not answered is given up in its time, whatever the wall clock does meanwhile', async () => {
  const wall = jest.spyOn(Date, 'now');
  const isConnected = () => true;
  const options = { maxInFlightRequests: null, requestTimeout: 50, enforceRequestTimeout: true, isConnected, logger };
  for (const jump of [-HOUR_MS, HOUR_MS]) {
    const queue = new RequestQueue(options);
    queue.scheduleRequestTimeoutCheck();
    const startedAt = performance.now();
    try {
      const givenUp = new Promise<Error>((reject) => {
        const entry = { correlationId: 1, apiName: 'Produce', resolve: () => undefined, reject };
        queue.push({ entry, expectResponse: true, sendRequest: () => undefined } as PushedRequest);
      });
      const present = performance.timeOrigin + performance.now();
      wall.mockImplementation(() => present + jump);
      expect((await givenUp).name).toBe('KafkaJSRequestTimeoutError');
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(50);
    } finally {
      queue.destroy();
      wall.mockReset();
    }
  }
  wall.mockRestore();
});

test('a queue that the broker throttled sends again in time, though the wall clock was set back', async () => {
  const queue = newQueue(null);
  queue.maybeThrottle(20);
  const wall = jest.spyOn(Date, 'now').mockReturnValue(performance.timeOrigin - HOUR_MS);
  try {
    await push(queue, 1);
    expect(queue.pending).toHaveLength(0);
  } finally {
    wall.mockRestore();
  }
});

test('no timer is set to a negative time, not even where a request waits in a queue that was never throttled', async () => {
  const timers = jest.spyOn(globalThis, 'setTimeout');
  try {
    const idle = newQueue(null);
    await push(idle, 1);
    answer(idle, 1);
    expect(timers.mock.calls).toEqual([]);
    const full = newQueue(1);
    await push(full, 1);
    const second = push(full, 2);
    answer(full, 1);
    await second;
    answer(full, 2);
    expect(timers.mock.calls).not.toEqual([]);
    for (const [, ms] of timers.mock.calls) expect(ms).toBeGreaterThan(0);
  } finally {
    timers.mockRestore();
  }
});
