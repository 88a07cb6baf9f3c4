import type { LogPosition } from '@wiber/contracts';
import { NotSentError } from '../kafka.errors.ts';
import type { LanePolicy } from './lane.policy.ts';
import { ProduceLane } from './produce.lane.ts';

export const PARTITION = 3;
export const POLICY: LanePolicy = {
  type: 'group-commit',
  maxQueued: 50,
  maxQueuedBytes: 1_000_000,
  maxBatch: 50,
  maxBatchBytes: 100_000,
  stallMs: 20,
  deadlineMs: 50,
  backoff: { type: 'exponential-full-jitter', baseMs: 1, capMs: 2 },
  breaker: { type: 'breaker', failures: 1, resetMs: 1 },
};

export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Lets the event loop turn until the condition holds. Jest's own limit ends a wait for a condition that never holds.
 */
export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await turn();
};

export interface Call {
  partition: number;
  keys: string[];
  acknowledge: (offset: number) => void;
  fail: (error?: Error) => void;
}

/** A lane whose appends the test answers and whose clock the test moves. */
export const laneWith = (policy: Partial<LanePolicy> = {}) => {
  const calls: Call[] = [];
  const state = { unanswered: 0, mostUnanswered: 0, now: 1000 };
  const lane = new ProduceLane(
    PARTITION,
    { ...POLICY, ...policy },
    {
      append: (partition, records) =>
        new Promise((resolve, reject) => {
          state.unanswered += 1;
          state.mostUnanswered = Math.max(state.mostUnanswered, state.unanswered);
          calls.push({
            partition,
            keys: records.map(({ key }) => String(key)),
            acknowledge: (offset) => {
              state.unanswered -= 1;
              resolve(offset);
            },
            fail: (error = new Error('no leader')) => {
              state.unanswered -= 1;
              reject(error);
            },
          });
        }),
      turn: async () => () => undefined,
      random: () => 0.5,
      now: () => state.now,
    },
  );
  const send = (key: string): Promise<LogPosition> => {
    const answer = lane.send({ key, value: key });
    // A test looks at the rejection later; until then it must not count as unhandled.
    answer.catch(() => undefined);
    return answer;
  };
  /** The nth call of append, counted from 1, when it is made. */
  const call = async (nth: number): Promise<Call> => {
    await until(() => calls.length >= nth);
    return calls[nth - 1] as Call;
  };
  return { lane, calls, state, send, call };
};

export const at = (offset: number): LogPosition => ({ partition: PARTITION, offset });
export const outcomeOf = (answer: Promise<LogPosition>): Promise<unknown> => answer.catch((error: unknown) => error);
export const NOT_SENT = { name: NotSentError.name, code: 'log_unavailable' };
