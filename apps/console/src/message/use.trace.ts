import type { MessageTrace } from '@wiber/contracts';
import { useEffect } from 'react';
import type { ApiProblem } from '../api/api.problem.ts';
import { useRequest, type RequestState } from '../api/use.request.ts';
import { useOperatorToken } from '../api/operator.token.ts';
import { readTrace, type MessageAddress } from '../messages/message.api.ts';
import { isUnderWay } from './trace.text.ts';

const AGAIN_MS = 1000;
const AGAIN_MAX_MS = 10_000;
/** Problems that end by themselves. */
const PASSING = new Set([
  'message_pending',
  'message_dead_lettered',
  'log_unavailable',
  'store_behind',
  'store_unavailable',
  'unreachable',
  'server_busy',
  'shutting_down',
]);

export interface TraceState extends RequestState<MessageTrace> {
  /** Whether the page asks again by itself. */
  isFollowed: boolean;
}

/** The trace of a message; asked again while more may happen and somebody looks. */
export const useTrace = (address: MessageAddress): TraceState => {
  const hasToken = useOperatorToken() !== undefined;
  const { messageId, partition = '', offset = '' } = address;
  const key = `${messageId} ${partition} ${offset} ${String(hasToken)}`;
  const request = useRequest(key, (signal) => readTrace(address, signal));
  const { data, problem, isLoading, reload } = request;
  const isFollowed = isPassing(data, problem);
  useEffect(() => {
    if (!isFollowed || isLoading) return undefined;
    const seconds = problem?.retryAfterS;
    const timer = setTimeout(reload, seconds === undefined ? AGAIN_MS : Math.min(AGAIN_MAX_MS, seconds * 1000));
    return () => clearTimeout(timer);
  }, [isFollowed, isLoading, problem, reload]);
  return { ...request, isFollowed };
};

const isPassing = (data: MessageTrace | undefined, problem: ApiProblem | undefined): boolean =>
  problem === undefined ? data !== undefined && isUnderWay(data) : PASSING.has(problem.code);
