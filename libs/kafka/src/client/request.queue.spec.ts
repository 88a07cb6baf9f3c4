import './kafka.client.ts';
import { RequestQueue } from './request.queue.ts';

const logger = { debug: () => undefined };
const newQueue = (maxInFlightRequests: number | null) => new RequestQueue({ maxInFlightRequests, logger });
/** Resolves once it is sent. */
const push = (queue: RequestQueue, correlationId: number): Promise<void> =>
  new Promise((sent) => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: sent });
  });
const answer = (queue: RequestQueue, correlationId: number) =>
  queue.fulfillRequest({ correlationId, payload: null, size: 0 });

test('a connection on which nothing waits has no timer that looks for something to send', async () => {
  const queue = newQueue(null);
  await push(queue, 1);
  answer(queue, 1);
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('what is put off, by a limit or because the broker throttles, is sent all the same, and the timer ends with it', async () => {
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
