import type { BrokerPool, ConsumerGroup } from './kafkajs.internals.ts';
import { mendHeartbeats, mendMetadataAge } from './monotonic.ages.ts';

/** As kafkajs 2.2.4 has it, by a wall clock that the test sets. */
const poolWith = () => {
  const state = { wall: 1e12, now: 0, refreshes: 0 };
  const pool: BrokerPool = {
    metadataMaxAge: 5000,
    metadataExpireAt: null,
    async refreshMetadata() {
      state.refreshes += 1;
      this.metadataExpireAt = state.wall + this.metadataMaxAge;
    },
    async refreshMetadataIfNecessary(topics) {
      if (this.metadataExpireAt === null || state.wall > this.metadataExpireAt) await this.refreshMetadata(topics);
    },
  };
  mendMetadataAge(pool, () => state.now);
  return { pool, state };
};

test('metadata are refreshed at their age, though the wall clock was set back, and not before it, though it was set forward', async () => {
  const { pool, state } = poolWith();
  await pool.refreshMetadataIfNecessary([]);
  state.wall += 3_600_000;
  state.now += 4999;
  await pool.refreshMetadataIfNecessary([]);
  expect(state.refreshes).toBe(1);
  state.wall -= 7_200_000;
  state.now += 2;
  await pool.refreshMetadataIfNecessary([]);
  expect(state.refreshes).toBe(2);
  await pool.refreshMetadataIfNecessary([]);
  expect(state.refreshes).toBe(2);
});

test('metadata that kafkajs has dropped are refreshed at once', async () => {
  const { pool, state } = poolWith();
  await pool.refreshMetadataIfNecessary([]);
  await pool.refreshMetadataIfNecessary([]);
  pool.metadataExpireAt = null;
  await pool.refreshMetadataIfNecessary([]);
  expect(state.refreshes).toBe(2);
});

test('a member sends its heartbeats in their time, whatever the wall clock does', async () => {
  const state = { wall: 1e12, now: 0, beats: 0, fails: false };
  const group: ConsumerGroup = {
    lastRequest: state.wall,
    async heartbeat({ interval }) {
      if (state.wall < this.lastRequest + interval) return;
      if (state.fails) throw new Error('rebalancing');
      state.beats += 1;
      this.lastRequest = state.wall;
    },
  };
  mendHeartbeats(group, () => state.now);
  const beat = () => group.heartbeat({ interval: 100 });
  await beat();
  state.wall -= 3_600_000;
  state.now += 99;
  await beat();
  expect(state.beats).toBe(1);
  state.now += 1;
  await beat();
  expect(state.beats).toBe(2);
  state.wall += 7_200_000;
  await beat();
  expect(state.beats).toBe(2);
  state.now += 100;
  state.fails = true;
  await expect(beat()).rejects.toThrow('rebalancing');
  state.fails = false;
  await beat();
  expect(state.beats).toBe(3);
});
