import { setTimeout } from 'node:timers/promises';
import { SHORT_WAIT_LINE_MS, withProgress } from './progress.line.ts';
import { NotReadyError, StackError } from '../stack.errors.ts';

export interface ReadyWait {
  server: string;
  /** The state that is shown while the connection is refused. */
  noAnswer: string;
  /** Throws the reason while the server is not ready. A StackError ends the wait. */
  attempt: () => Promise<void>;
  withinMs: number;
  signal: AbortSignal;
}

/** @throws StackError when the server is not ready in time */
export const retryUntilReady = ({ server, noAnswer, attempt, withinMs, signal }: ReadyWait): Promise<void> => {
  const deadline = performance.now() + withinMs;
  let state = 'starting';
  const attempts = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof StackError) throw error;
        const { message } = error as Error;
        state = /ECONNREFUSED/.test(message) ? noAnswer : message;
        if (performance.now() > deadline)
          throw new NotReadyError(`${server} was not ready within ${withinMs / 1000} s (${state}); see .wiber/logs`);
        await setTimeout(100, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return withProgress({ label: `waiting for ${server}`, state: () => state, everyMs: SHORT_WAIT_LINE_MS }, attempts);
};
