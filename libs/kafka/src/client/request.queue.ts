import { createRequire } from 'node:module';

/** The queue that kafkajs 2.2.4 has for each connection. kafkajs does not export it. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  /** The timer of the next check for requests to send; null when no check is due. */
  readonly throttleCheckTimeoutId: NodeJS.Timeout | null;
  push(request: PushedRequest): void;
  fulfillRequest(answer: { correlationId: number; payload: unknown; size: number }): void;
  maybeThrottle(ms: number): void;
  scheduleCheckPendingRequests(): void;
}

export interface PushedRequest {
  entry: { correlationId: number; resolve: (answer: unknown) => void; reject: (error: Error) => void };
  expectResponse: boolean;
  sendRequest: () => void;
}

type RequestQueueClass = (new (options: object) => RequestQueue) & { prototype: RequestQueue };

export const RequestQueue = createRequire(import.meta.url)(
  'kafkajs/src/network/requestQueue/index.js',
) as RequestQueueClass;

/**
 * kafkajs 2.2.4 checks every open connection each millisecond for requests to send, even when no request waits. It also
 * checks after each answer and when it delays a request, so the timer is needed only while a request waits.
 * Source: https://github.com/tulios/kafkajs/issues/1556, 1704 and 1751, open since 2023.
 */
export const checkOnlyWhileRequestsWait = (): void => {
  const { scheduleCheckPendingRequests } = RequestQueue.prototype;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
};
