import { replaceLeader } from './leader.steps.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';

export const STORE_SCENARIOS: Record<string, Scenario> = {
  'failed-part-committed': {
    counts: { ...SMALL_SYSTEM, gateway: 2 },
    summary: 'two gateways accept different messages under one Idempotency-Key at the same time',
    run: async (context) => {
      for (let pair = 0; pair < 10; pair += 1) {
        const idempotencyKey = `key-${pair}`;
        await Promise.all([0, 1].map((gateway) => context.send(pair, { gateway, idempotencyKey })));
      }
    },
  },
  'no-unique-index': {
    counts: { ...SMALL_SYSTEM, gateway: 2 },
    summary: 'two gateways accept the same message under one Idempotency-Key at the same time',
    run: async (context) => {
      for (let pair = 0; pair < 10; pair += 1) {
        const same = { idempotencyKey: `key-${pair}`, content: `pair ${pair}` };
        await Promise.all([0, 1].map((gateway) => context.send(pair, { gateway, ...same })));
      }
    },
  },
  'write-concern-one': {
    counts: { ...SMALL_SYSTEM, mongod: 3 },
    summary: 'the secondaries die, messages are sent, the primary dies, the secondaries return first',
    run: async (context) => {
      await context.send(0, { waitS: 10 });
      const primary = await context.primary();
      const secondaries = ['mongo-1', 'mongo-2', 'mongo-3'].filter((name) => name !== primary);
      await replaceLeader(context, {
        leader: primary,
        followers: secondaries,
        // Not paused: a paused secondary would find the primary's writes in its socket when it resumes.
        ...{ takeAway: 'kill', bringBack: 'start' },
        meanwhile: async () => {
          await context.burst(0, 5);
          await context.settledWithin(3000);
        },
        currentLeader: () => context.primary(),
      });
    },
  },
  'unordered-handling': {
    counts: SMALL_SYSTEM,
    summary: 'a backlog of one conversation is stored while the conversation is read',
    run: async (context) => {
      await context.tell('stop', 'ingest-1');
      await context.burst(0, 2000);
      await context.tell('start', 'ingest-1');
      await context.readDuring(0, context.settledWithin(60_000));
    },
  },
  'paging-by-time-alone': {
    counts: SMALL_SYSTEM,
    summary: 'many messages of one conversation within a few milliseconds, read by timestamp in small pages',
    run: (context) => context.burst(0, 200),
  },
};
