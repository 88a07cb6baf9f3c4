import type { HttpSettings } from '../http.settings.ts';

export type ConnectionLimits = Pick<
  HttpSettings,
  'connectionsMax' | 'requestsMax' | 'waitingMax' | 'pipelineMax' | 'answerTimeoutMs' | 'answersMaxMb' | 'idleTimeoutMs'
>;

/** Why the guard closed a connection: the label of METRIC.connectionsClosed. */
export const CLOSE_REASONS = [
  /** Idle for the longest time when a new connection came over the limit. */
  'idle_longest',
  /** Its client had kept the app waiting for the longest time, for a request's rest or to read, when a limit was reached. */
  'stalled_longest',
  /** It came over the limit while no connection was idle. */
  'too_many_connections',
  /** Its request came over the limit of requests. */
  'too_many_requests',
  /** The requests that wait were over their limit, and most of them were this connection's. */
  'too_many_waiting',
  /** The client did not take an answer in time. */
  'slow_reader',
  /** The answers that wait for all clients were over their limit, and most of them were this client's. */
  'large_backlog',
  /** The client kept it open after our side had closed it. */
  'left_open',
  /** The app stopped. */
  'stopped',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];
