import type { Consumer, Kafka } from 'kafkajs';
import { backoffMs, delay, withDeadline, type BackoffPolicy } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS } from '../client/kafka.client.ts';
import type { LogLine } from '../client/log.line.ts';
import { REBALANCE_MS, type ConsumerMembership } from './consumer.membership.ts';
import { watchConsumer } from './consumer.watch.ts';
import { assignerOf } from './group.protocol.ts';

/**
 * How long a replaced consumer may take to disconnect, in milliseconds. kafkajs waits for each request that is in flight,
 * and a broker that hangs never answers.
 */
const LEAVE_MS = 10_000;

export interface SupervisorOptions {
  createConsumer: () => Consumer;
  /** Connects, subscribes and runs; resolves when the consumer fetches. */
  start: (consumer: Consumer) => Promise<void>;
  /** Called after a consumer is disconnected; the next one starts when it resolves. */
  settle: () => Promise<void>;
  membership: ConsumerMembership;
  backoff: BackoffPolicy;
  /** Aborted when this process stops. */
  stop: AbortSignal;
  onCrash: () => void;
  /** What a person must do about an error that ended a consumer; undefined when another consumer may do better. */
  adviceFor?: (error: Error) => string | undefined;
  log: LogLine;
}

/**
 * Keeps one consumer running, and resolves after a stop, when it has left the group.
 *
 * kafkajs does not restart after an error that it calls non-retriable, such as "The coordinator is not aware of this
 * member" or an authentication that timed out: it emits CRASH and stops consuming, while the process looks healthy. It
 * emits CRASH only when it has disconnected, and it waits without a limit for requests that are never answered. So each
 * crash, each failed start and each long silence replaces the consumer, after a pause that grows.
 */
export const superviseConsumer = async (options: SupervisorOptions): Promise<void> => {
  const { backoff, stop } = options;
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  for (let failures = 0; !stop.aborted; failures += 1) {
    const hasJoined = await runConsumer(options, stopped);
    if (hasJoined) failures = 0;
    await delay(backoffMs(backoff, failures, Math.random), stop);
  }
};

/** Resolves when the consumer has ended, to whether it had joined the group. */
const runConsumer = async (options: SupervisorOptions, stopped: Promise<void>): Promise<boolean> => {
  const { membership, stop, log } = options;
  const consumer = options.createConsumer();
  const watch = watchConsumer(consumer, membership);
  let hasStarted = false;
  const starting = options.start(consumer).then(() => void (hasStarted = true));
  try {
    const failed = starting.then(() => new Promise<never>(() => undefined));
    const end = await Promise.race([watch.ended, stopped, failed]);
    if (end) {
      const advice = options.adviceFor?.(end.error);
      log('error', advice ?? `the consumer ${end.reason}; another one replaces it`, { error: end.error });
      options.onCrash();
    }
  } catch (error) {
    log('warn', 'the consumer did not start; retrying', { error });
  }
  watch.close();
  await disconnect(consumer, stop);
  // A start that hung may end later: the consumer would then join the group and hold partitions that nobody handles.
  if (!hasStarted) void starting.then(() => consumer.disconnect()).catch(() => undefined);
  await options.settle();
  return watch.hasJoined();
};

/** At a stop it takes as long as the batches in hand do; the process has a deadline of its own. */
const disconnect = async (consumer: Consumer, stop: AbortSignal): Promise<void> => {
  const left = consumer.disconnect();
  await (stop.aborted ? left : withDeadline(left, LEAVE_MS, 'the end of a consumer')).catch(() => undefined);
};

export interface ConsumerOptions {
  groupId: string;
  /** All that the consumer will subscribe to. */
  topics: readonly string[];
  sessionTimeoutMs: number;
  heartbeatMs: number;
}

/** A consumer that leaves its restart to `superviseConsumer`. */
export const createConsumer = (
  kafka: Pick<Kafka, 'consumer'>,
  { groupId, topics, sessionTimeoutMs, heartbeatMs }: ConsumerOptions,
): Consumer =>
  kafka.consumer({
    groupId,
    partitionAssigners: [assignerOf(topics)],
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: REBALANCE_MS,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    // Few: kafkajs asks the same coordinator again, each time for requestTimeout; a new consumer looks for another one.
    retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 3, restartOnFailure: async () => false },
  });
