import type { MonotonicClock } from '@wiber/resilience';
import type { BrokerPool, ConsumerGroup } from './kafkajs.internals.ts';

/**
 * kafkajs 2.2.4 measures the age of its metadata by the wall clock: after that was set back an hour, it would send to the
 * leaders of an hour ago.
 */
export const mendMetadataAge = (pool: BrokerPool, now: MonotonicClock): void => {
  const refreshedAt = new WeakMap<BrokerPool, number>();
  const { refreshMetadata, refreshMetadataIfNecessary } = pool;

  pool.refreshMetadata = async function (this: BrokerPool, topics) {
    const startedAt = now();
    await refreshMetadata.call(this, topics);
    refreshedAt.set(this, startedAt);
  };

  pool.refreshMetadataIfNecessary = function (this: BrokerPool, topics) {
    const isOld = now() - (refreshedAt.get(this) ?? -Infinity) > this.metadataMaxAge;
    // null is kafkajs' own word for "refresh before the next use".
    if (isOld) this.metadataExpireAt = null;
    else if (this.metadataExpireAt !== null) this.metadataExpireAt = Infinity;
    return refreshMetadataIfNecessary.call(this, topics);
  };
};

/**
 * kafkajs 2.2.4 sends the next heartbeat a while after the last one by the wall clock: after that was set back an hour, a
 * member would send none for an hour and lose its partitions without knowing it.
 */
export const mendHeartbeats = (group: ConsumerGroup, now: MonotonicClock): void => {
  const beatAt = new WeakMap<ConsumerGroup, number>();
  const { heartbeat } = group;

  group.heartbeat = async function (this: ConsumerGroup, options) {
    const isDue = now() - (beatAt.get(this) ?? -Infinity) >= options.interval;
    this.lastRequest = isDue ? -Infinity : Infinity;
    await heartbeat.call(this, options);
    // kafkajs wrote the time of the wall clock, so it did send one.
    if (Number.isFinite(this.lastRequest)) beatAt.set(this, now());
  };
};
