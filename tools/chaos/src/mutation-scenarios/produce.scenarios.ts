import { replaceLeader } from './leader.steps.ts';
import { PARTITIONS } from '../topic.partitions.ts';
import { SMALL_SYSTEM, underLoad, type Scenario } from './scenario.ts';

export const PRODUCE_SCENARIOS: Record<string, Scenario> = {
  'one-send-for-partitions': {
    counts: { ...SMALL_SYSTEM, brokers: 3 },
    summary: 'under load, the leader of each partition moves to another broker; no broker dies',
    run: (context) =>
      underLoad(context, async () => {
        for (let move = 0; move < PARTITIONS * 2; move += 1) await context.topic().moveLeader(move % PARTITIONS);
      }),
  },
  'batch-given-up': {
    counts: SMALL_SYSTEM,
    summary: 'the broker is paused with an unread request until the lane gives it up; it resumes, and more is sent',
    run: async (context) => {
      await context.send(0);
      await context.tell('pause', 'kafka-1');
      await context.send(0);
      await context.laneEmptyWithin(20_000);
      await context.tell('resume', 'kafka-1');
      for (let sent = 0; sent < 5; sent += 1) await context.sendUntilAcked(0);
    },
  },
  'acks-one': {
    counts: { ...SMALL_SYSTEM, brokers: 3 },
    summary: 'the followers are paused, messages are sent, the leader dies, the followers resume',
    run: async (context) => {
      await context.send(0);
      const partition = await context.partitionOf(0);
      const leader = await context.leaderOf(partition);
      const followers = ['kafka-1', 'kafka-2', 'kafka-3'].filter((name) => name !== leader);
      await replaceLeader(context, {
        leader,
        followers,
        // Not killed: a follower that was killed returns as out of sync (KIP-966) and cannot be elected.
        ...{ takeAway: 'pause', bringBack: 'resume' },
        // The first message may still reach the followers, in the answer to a fetch that they had already sent.
        meanwhile: async () => {
          for (let sent = 0; sent < 5; sent += 1) await context.send(0);
        },
        currentLeader: () => context.leaderOf(partition),
      });
    },
  },
};
