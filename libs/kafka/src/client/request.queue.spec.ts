import './kafka.client.ts';
import { RequestQueue } from './request.queue.ts';

const logger = { debug: () => undefined };
const newQueue = (maxInFlightRequests: number | null) => new RequestQueue({ maxInFlightRequests, logger });
/** Resolves when the request is sent. */
const push = (queue: RequestQueue, correlationId: number): Promise<void> =>
  new Promise((sent) => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: sent });
  });
const answer = (queue: RequestQueue, correlationId: number) =>
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
