import { StartError } from '@wiber/host';

/** Waits may take one part in so many of the requests and of the connections; the rest is for requests that do not wait. */
const PARTS = 4;

export interface WaitSettings {
  /** What API_WAITS_MAX says; 0: it is not set. */
  maxWaits: number;
  requestsMax: number;
  connectionsMax: number;
}

/**
 * How many requests may wait at once. Each wait holds a request in hand, and may hold a connection of its own, for up to
 * half a minute. Without a share of their own, the waits of ordinary clients would leave no request for anybody else while
 * MongoDB is away.
 * @throws StartError when API_WAITS_MAX is above the share
 */
export const waitsMaxOf = ({ maxWaits, requestsMax, connectionsMax }: WaitSettings): number => {
  const share = Math.max(1, Math.floor(Math.min(requestsMax, connectionsMax) / PARTS));
  if (maxWaits > share) {
    throw new StartError(
      `API_WAITS_MAX is '${maxWaits}'; it takes at most ${share}, a quarter of HTTP_REQUESTS_MAX (${requestsMax}) and of ` +
        `HTTP_CONNECTIONS_MAX (${connectionsMax})`,
    );
  }
  return maxWaits || share;
};
