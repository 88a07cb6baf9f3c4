import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem } from './api.problem.ts';

export interface RequestState<T> {
  data?: T;
  problem?: ApiProblem;
  isLoading: boolean;
  /** Asks again; what is shown stays until the answer comes. */
  reload: () => void;
  /** The same, unless an answer is awaited: a poll that is faster than the gateway would else never see one. */
  refresh: () => void;
}

/**
 * Asks when the view opens, when `key` changes and when `reload` is called. `ask` may be a new function each time; `key` says
 * what it asks for. An answer to an earlier question is dropped.
 */
export function useRequest<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): RequestState<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string; data?: T; problem?: ApiProblem; done: number }>({ key, done: -1 });
  const isAwaited = useRef(false);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const refresh = useCallback(() => {
    if (!isAwaited.current) reload();
  }, [reload]);

  useEffect(() => {
    const abort = new AbortController();
    isAwaited.current = true;
    ask(abort.signal).then(
      (data) => {
        if (abort.signal.aborted) return;
        isAwaited.current = false;
        setState({ key, data, done: turn });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        isAwaited.current = false;
        setState((before) => ({
          key,
          data: before.key === key ? before.data : undefined,
          problem: asProblem(error),
          done: turn,
        }));
      },
    );
    return () => abort.abort();
    // `key` stands for `ask`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, turn]);

  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    problem: isCurrent ? state.problem : undefined,
    isLoading: !isCurrent || state.done !== turn,
    reload,
    refresh,
  };
}

/** An error of the page itself, as a problem that can be shown. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem(
        { code: 'unreadable_answer', title: 'The answer is not readable', detail: String(error) },
        { cause: error },
      );
