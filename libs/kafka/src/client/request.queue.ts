import type { MonotonicClock } from '@wiber/resilience';
import type { RequestQueue, SocketRequest } from './kafkajs.internals.ts';

/** How often a queue looks for a free place in flight while it is not throttled, in milliseconds. As in kafkajs. */
const CHECK_MS = 10;
/** The longest time between two looks for requests whose time is over, in milliseconds. As in kafkajs. */
const TIMEOUT_CHECK_MS = 100;

/**
 * Mends two faults of the queue of kafkajs 2.2.4.
 *
 * It measures its time-outs by the wall clock: after that was set back an hour, a request that is not answered would be
 * given up an hour late, and its lane would wait as long.
 *
 * It checks every open connection again and again for requests to send, even when no request waits. For a queue that was
 * never throttled the time until the next check is minus the present time: Node makes that 1 ms, with a
 * TimeoutNegativeWarning. It also checks after each answer and when it delays a request, so a timer is needed only while
 * a request waits. Source: https://github.com/tulios/kafkajs/issues/1556, 1704 and 1751, open since 2023.
 */
export const mendRequestQueue = (queue: RequestQueue, now: MonotonicClock): void => {
  const sentAt = new WeakMap<SocketRequest, number>();
  const { sendSocketRequest } = queue;

  queue.sendSocketRequest = function (this: RequestQueue, request) {
    sentAt.set(request, now());
    sendSocketRequest.call(this, request);
  };

  queue.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    const check = () => {
      const time = now();
      for (const request of this.inflight.values())
        if (time - (sentAt.get(request) ?? time) > request.requestTimeout) request.timeoutRequest();
      if (!this.isConnected()) this.destroy();
    };
    this.requestTimeoutIntervalId = setInterval(check, Math.min(this.requestTimeout, TIMEOUT_CHECK_MS));
  };

  queue.maybeThrottle = function (this: RequestQueue, ms) {
    if (ms !== null && ms > 0) this.throttledUntil = Math.max(now() + ms, this.throttledUntil);
  };

  queue.canSendSocketRequestImmediately = function (this: RequestQueue) {
    const isFull = this.maxInFlightRequests !== null && this.inflight.size >= this.maxInFlightRequests;
    return !isFull && this.throttledUntil <= now();
  };

  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    const throttledMs = this.throttledUntil - now();
    const check = () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    };
    this.throttleCheckTimeoutId = setTimeout(check, throttledMs > 0 ? throttledMs : CHECK_MS);
  };
};
