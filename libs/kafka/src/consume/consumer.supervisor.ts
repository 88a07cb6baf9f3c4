import type { Consumer, Kafka } from 'kafkajs';
import { backoffMs, delay, type BackoffPolicy } from '@wiber/resilience';
import { METADATA_MAX_AGE_MS, type LogLine } from '../client/kafka.client.ts';
import type { ConsumerMembership } from './consumer.membership.ts';

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
  log: LogLine;
}

/**
 * Keeps one consumer running, and resolves after a stop, when it has left the group.
 *
 * kafkajs does not restart after an error that it calls non-retriable, such as "The coordinator is not aware of this
 * member": it emits CRASH and stops consuming, while the process looks healthy. Each crash replaces the consumer.
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
  const { membership, log } = options;
  const consumer = options.createConsumer();
  const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = consumer.events;
  const crashed = Promise.withResolvers<void>();
  let hasJoined = false;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    hasJoined = true;
    membership.join(payload.memberAssignment);
  });
  consumer.on(HEARTBEAT, () => membership.recordHeartbeat());
  consumer.on(REBALANCING, () => membership.leave());
  consumer.on(CRASH, ({ payload }) => {
    membership.leave();
    log('error', 'the consumer crashed; another one replaces it', { error: payload.error });
    options.onCrash();
    crashed.resolve();
  });
  try {
    await options.start(consumer);
    await Promise.race([crashed.promise, stopped]);
  } catch (error) {
    log('warn', 'the consumer did not start; retrying', { error });
  }
  await consumer.disconnect().catch(() => undefined);
  await options.settle();
  membership.leave();
  return hasJoined;
};

export interface ConsumerOptions {
  groupId: string;
  sessionTimeoutMs: number;
  heartbeatMs: number;
}

/** A consumer that leaves its restart to `superviseConsumer`. */
export const createConsumer = (
  kafka: Pick<Kafka, 'consumer'>,
  { groupId, sessionTimeoutMs, heartbeatMs }: ConsumerOptions,
): Consumer =>
  kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatMs,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    // Few: kafkajs asks the same coordinator again, each time for requestTimeout; a new consumer looks for another one.
    retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 3, restartOnFailure: async () => false },
  });
