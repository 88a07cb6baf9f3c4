import { jest } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import type { UnreadableBatchError } from '../kafka.errors.ts';
import { commitTogether } from './batch.commit.ts';
import { BatchDispatcher, type DispatcherOptions } from './batch.dispatcher.ts';
import type { BatchOutcome, LogBatch, Rejection } from './batch.outcome.ts';
import { ConsumerMembership } from './consumer.membership.ts';
import type { BatchHandler } from './gathering.handler.ts';
import type { PublishDeadLetter } from './rejected.records.ts';

/** For a whole spec file: its tests move the time, and must leave no timer behind. */
export const controlTime = (): void => {
  beforeEach(() => {
    jest.useFakeTimers();
    // Full jitter may draw a wait of 0 ms: then the next attempt comes before the test can act.
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
    jest.restoreAllMocks();
  });
};

export const TOPIC = 't';
export const PARTITION = 4;
export const HEARTBEAT_MS = 100;
export const MAX_FAILURES = 3;

export const DONE: BatchOutcome & { type: 'done' } = { type: 'done', rejected: [] };
export const AWAY: BatchOutcome = { type: 'unavailable', cause: new Error('away') };
export const BUG: BatchOutcome = { type: 'failed', cause: new TypeError('planted') };

export const rejectionOf = (offset: number, partition = PARTITION): Rejection => {
  return { partition, offset, reason: 'schema', error: 'planted' };
};

/** Fails as kafkajs does while the group rebalances. */
export const rebalancing = () => Promise.reject(new Error('The group is rebalancing'));

/** An outcome that the test reports when it wants to. */
export const slowOutcome = () => {
  const { promise: outcome, resolve: report } = Promise.withResolvers<BatchOutcome>();
  return { outcome, report };
};

/** A payload of kafkajs that records every call. The test sets what heartbeats and commits do in `broker`. */
export const fetchedBatch = ({
  lastOffset = '6',
  offsets = ['5'],
  partition = PARTITION,
  topic = TOPIC,
  unreadable = undefined as UnreadableBatchError | undefined,
} = {}) => {
  const seen = {
    committed: [] as string[],
    notes: [] as (string | null)[],
    resolved: [] as string[],
    heartbeats: 0,
    paused: 0,
  };
  const broker = { isRunning: true, heartbeat: async () => {}, commit: async () => {} };
  const messages = offsets.map((offset) => ({ offset, key: null, value: Buffer.from(offset), unreadable }));
  interface Commit {
    topics: { partitions: { offset: string; metadata: string | null }[] }[];
  }
  const payload = {
    batch: { topic, partition, messages, lastOffset: () => lastOffset },
    isRunning: () => broker.isRunning,
    heartbeat: () => {
      seen.heartbeats += 1;
      return broker.heartbeat();
    },
    commitOffsetsIfNecessary: async ({ topics }: Commit) => {
      await broker.commit();
      for (const { offset, metadata } of topics.flatMap(({ partitions }) => partitions)) {
        seen.committed.push(offset);
        seen.notes.push(metadata);
      }
    },
    pause: () => {
      seen.paused += 1;
      return () => void (seen.paused -= 1);
    },
    resolveOffset: (offset: string) => void seen.resolved.push(offset),
  } as unknown as EachBatchPayload;
  return { payload, seen, broker };
};

export interface DispatchDouble {
  lastOffset?: string;
  offsets?: string[];
  topic?: string;
  unreadable?: UnreadableBatchError;
  log?: DispatcherOptions['log'];
  handleAlone?: BatchHandler['handleAlone'];
  publish?: PublishDeadLetter;
  notes?: DispatcherOptions['notes'];
}

/** A dispatcher over one fetched batch. The handler reports `answers` in their order, then `AWAY`. */
export const dispatching = (
  answers: (BatchOutcome | Promise<BatchOutcome>)[],
  { handleAlone, publish, notes, log = () => undefined, ...fetched }: DispatchDouble = {},
) => {
  const { payload, seen, broker } = fetchedBatch(fetched);
  const handled: LogBatch[] = [];
  const membership = new ConsumerMembership(HEARTBEAT_MS * 10, () => 0);
  const assignment = { [payload.batch.topic]: [PARTITION] };
  membership.join(assignment);
  const handler: BatchHandler = {
    handle: async (batch) => {
      handled.push(batch);
      return (await answers[handled.length - 1]) ?? AWAY;
    },
    handleAlone: handleAlone ?? (() => Promise.reject(new Error('not expected in this test'))),
  };
  const stop = new AbortController();
  const options: DispatcherOptions = {
    handlerOf: () => handler,
    notes,
    deadLetters: { topic: TOPIC, publish: publish ?? (() => Promise.reject(new Error('not expected in this test'))) },
    commit: (pending) => commitTogether([pending]),
    membership,
    policy: {
      type: 'retry',
      backoff: { type: 'exponential-full-jitter', baseMs: 10, capMs: 10 },
      maxFailures: MAX_FAILURES,
    },
    onCut: () => undefined,
    stop: stop.signal,
    log,
  };
  const dispatcher = new BatchDispatcher(options);
  /** Resolves when kafkajs has its batch back and the batch is no longer set aside. */
  const dispatch = async () => {
    await dispatcher.dispatch(payload);
    await dispatcher.settle();
  };
  /** A rebalance that assigns the same partition again. */
  const rejoin = () => membership.join(assignment);
  /** A rebalance that assigns the partition to another member. */
  const revoke = () => membership.join({});
  return { seen, broker, handled, dispatcher, dispatch, rejoin, revoke, stop };
};
