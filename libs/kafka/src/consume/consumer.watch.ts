import type { Consumer } from 'kafkajs';
import type { ConsumerMembership } from './consumer.membership.ts';

export interface ConsumerEnd {
  reason: 'crashed' | 'is silent';
  error: Error;
}

export interface ConsumerWatch {
  /** Resolves when the consumer crashed, or gave no sign of life for too long. */
  ended: Promise<ConsumerEnd>;
  hasJoined: () => boolean;
  /** Ends the watch. What a replaced consumer still emits says nothing of the next one. */
  close: () => void;
}

/** Follows one consumer from its start, and keeps the membership up to date. */
export const watchConsumer = (consumer: Consumer, membership: ConsumerMembership): ConsumerWatch => {
  const { GROUP_JOIN, HEARTBEAT, REBALANCING, CRASH } = consumer.events;
  const ended = Promise.withResolvers<ConsumerEnd>();
  let isOpen = true;
  let hasJoined = false;
  membership.leave();
  consumer.on(GROUP_JOIN, ({ payload }) => {
    if (!isOpen) return;
    hasJoined = true;
    membership.join(payload.memberAssignment);
  });
  consumer.on(HEARTBEAT, () => isOpen && membership.recordHeartbeat());
  consumer.on(REBALANCING, () => isOpen && membership.leave());
  const end = (reason: ConsumerEnd['reason'], error: Error) => {
    if (!isOpen) return;
    close();
    ended.resolve({ reason, error });
  };
  consumer.on(CRASH, ({ payload }) => end('crashed', payload.error));
  const timer = setInterval(() => {
    if (membership.isSilent) end('is silent', new Error('neither a heartbeat nor a join in its time'));
  }, membership.heartbeatMs);
  const close = () => {
    isOpen = false;
    clearInterval(timer);
    membership.leave();
  };
  return { ended: ended.promise, hasJoined: () => hasJoined, close };
};
