import { deadLetterTopicOf } from '@wiber/contracts';
import type { SystemCounts } from '@wiber/harness';
import { Workload } from '../workload/workload.ts';
import type { Stage } from './scenario.context.ts';

/** What shows a bug as surely as can be: the least system, and the steps in order. Without the bug it must hold. */
export interface Scenario {
  counts: SystemCounts;
  /** For the table: how it is brought to light. */
  how: string;
  steps: (stage: Stage) => Promise<unknown>;
}

const SMALL: SystemCounts = { brokers: 1, mongod: 1, gateway: 1, ingest: 1, metrics: 1 };
const PARTITIONS = 6;

const whileLoaded = async (stage: Stage, work: () => Promise<void>): Promise<void> => {
  const workload = new Workload(stage.recorder, { seed: 1, ratePerS: 250, conversations: 30, readers: 1 });
  const running = workload.run();
  await work().finally(() => workload.stop());
  await running;
};

const sentWhileStoreIsAway = async (stage: Stage): Promise<void> => {
  await stage.tell('kill', 'mongo-1');
  await stage.burst(0, 20);
  await stage.storedWithin(20_000);
  await stage.tell('start', 'mongo-1');
};

export const SCENARIOS: Record<string, Scenario> = {
  'one-send-for-partitions': {
    counts: { ...SMALL, brokers: 3 },
    how: 'each partition in turn gets another leader under load, while all brokers live',
    steps: (stage) =>
      whileLoaded(stage, async () => {
        for (let move = 0; move < PARTITIONS * 2; move += 1) await stage.topic().moveLeader(move % PARTITIONS);
      }),
  },
  'batch-given-up': {
    counts: SMALL,
    how: 'the broker hangs with a request unread, until that is given up; then it wakes and others are sent',
    steps: async (stage) => {
      await stage.send(0);
      await stage.tell('pause', 'kafka-1');
      await stage.send(0);
      await stage.laneEmptyWithin(20_000);
      await stage.tell('resume', 'kafka-1');
      for (let sent = 0; sent < 5; sent += 1) await stage.untilAcked(0);
    },
  },
  'acks-one': {
    counts: { ...SMALL, brokers: 3 },
    how: 'the followers hang, messages are sent, the leader dies, the followers wake',
    steps: async (stage) => {
      await stage.send(0);
      const partition = await stage.partitionOf(0);
      const leader = await stage.leaderOf(partition);
      const followers = ['kafka-1', 'kafka-2', 'kafka-3'].filter((name) => name !== leader);
      await stage.leaveAlone(leader, followers, {
        // Killed, a follower would be out of sync on its return (KIP-966), and would not be elected.
        ...{ away: 'pause', back: 'resume' },
        // The first may still reach them: it answers a request that they had made before.
        meanwhile: async () => {
          for (let sent = 0; sent < 5; sent += 1) await stage.send(0);
        },
        replaced: () => stage.leaderOf(partition),
      });
    },
  },
  'commit-before-store': {
    counts: SMALL,
    how: 'MongoDB is away, messages come in, ingest dies',
    steps: async (stage) => {
      await stage.tell('kill', 'mongo-1');
      await stage.burst(0, 20);
      await stage.storedWithin(15_000);
      await stage.tell('kill', 'ingest-1');
      await stage.tell('start', 'mongo-1');
      await stage.tell('start', 'ingest-1');
    },
  },
  'failed-part-committed': {
    counts: { ...SMALL, gateway: 2 },
    how: 'two gateways each take another message under one Idempotency-Key at once',
    steps: async (stage) => {
      for (let pair = 0; pair < 10; pair += 1) {
        const idempotencyKey = `key-${pair}`;
        await Promise.all([0, 1].map((gateway) => stage.send(pair, { gateway, idempotencyKey })));
      }
    },
  },
  'no-unique-index': {
    counts: { ...SMALL, gateway: 2 },
    how: 'two gateways get the same message under one Idempotency-Key at once',
    steps: async (stage) => {
      for (let pair = 0; pair < 10; pair += 1) {
        const same = { idempotencyKey: `key-${pair}`, content: `pair ${pair}` };
        await Promise.all([0, 1].map((gateway) => stage.send(pair, { gateway, ...same })));
      }
    },
  },
  'write-concern-one': {
    counts: { ...SMALL, mongod: 3 },
    how: 'the secondaries die, messages are sent, the primary dies, the secondaries come back first',
    steps: async (stage) => {
      await stage.send(0, { waitS: 10 });
      const primary = await stage.primary();
      const secondaries = ['mongo-1', 'mongo-2', 'mongo-3'].filter((name) => name !== primary);
      await stage.leaveAlone(primary, secondaries, {
        // Hanging, a secondary would find on waking what the primary had pushed to it.
        ...{ away: 'kill', back: 'start' },
        meanwhile: async () => {
          await stage.burst(0, 5);
          await stage.storedWithin(3000);
        },
        replaced: () => stage.primary(),
      });
    },
  },
  'store-error-swallowed': {
    counts: SMALL,
    how: 'MongoDB is away while messages come in',
    steps: sentWhileStoreIsAway,
  },
  'unordered-handling': {
    counts: SMALL,
    how: 'a backlog of one conversation is stored while it is read',
    steps: async (stage) => {
      await stage.tell('stop', 'ingest-1');
      await stage.burst(0, 2000);
      await stage.tell('start', 'ingest-1');
      await stage.reading(0, stage.storedWithin(60_000));
    },
  },
  'paging-by-time-alone': {
    counts: SMALL,
    how: 'many messages of a conversation within few milliseconds, read by time in small pages',
    steps: (stage) => stage.burst(0, 200),
  },
  'dead-letter-not-awaited': {
    counts: SMALL,
    how: 'the dead-letter topic takes nothing for a while, poison comes in, ingest dies',
    steps: async (stage) => {
      const letters = stage.topic(deadLetterTopicOf(stage.subject.topic));
      await letters.setLargestBatch(100);
      await stage.send(0);
      await stage.poisonAll(0);
      await stage.send(0);
      await stage.storedWithin(15_000);
      await stage.tell('kill', 'ingest-1');
      await letters.setLargestBatch(2 * 1024 ** 2);
      await stage.tell('start', 'ingest-1');
    },
  },
  'retry-reorders': {
    counts: SMALL,
    how: 'MongoDB is away while messages come in, then it is back and more come in while all is read',
    steps: async (stage) => {
      await sentWhileStoreIsAway(stage);
      const more = async (): Promise<void> => {
        for (let sent = 0; sent < 20; sent += 1) await stage.send(0, { waitS: 10 });
      };
      await stage.reading(0, more());
    },
  },
};
