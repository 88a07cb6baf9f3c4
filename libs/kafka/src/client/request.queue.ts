import { createRequire } from 'node:module';

/** What kafkajs 2.2.4 keeps for each connection, and does not export. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  /** The timer of the next look for requests to send. */
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
 * kafkajs 2.2.4 looks for requests to send on every connection, each millisecond, for as long as it is open, whether any
 * wait or not. It looks at each answer and when one is put off too, so there is nothing to look for while none waits.
 * Source: https://github.com/tulios/kafkajs/issues/1556, 1704 and 1751, open since 2023.
 */
export const lookOnlyWhileRequestsWait = (): void => {
  const { scheduleCheckPendingRequests } = RequestQueue.prototype;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
};
