import type { WiberLogger } from './app.logger.ts';
import type { WatchedBreaker } from './breaker.board.ts';

/** Logs when a breaker opens and when it closes. Its tries in between are in the metrics. */
export const breakerLogger = (logger: WiberLogger, breaker: string): ((state: WatchedBreaker['state']) => void) => {
  let isClosed = true;
  return (state) => {
    if (state === 'open' && isClosed) logger.warn({ breaker }, 'a circuit breaker opened: calls are refused at once');
    if (state === 'closed') logger.info({ breaker }, 'a circuit breaker closed: calls pass again');
    isClosed = state === 'closed';
  };
};
