import { deadLetterTopicOf } from '@wiber/contracts';
import type { ScenarioContext } from './scenario.context.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';

const sendWhileStoreIsDown = async (context: ScenarioContext): Promise<void> => {
  await context.tell('kill', 'mongo-1');
  await context.burst(0, 20);
  await context.settledWithin(20_000);
  await context.tell('start', 'mongo-1');
};

export const CONSUME_SCENARIOS: Record<string, Scenario> = {
  'commit-before-store': {
    counts: SMALL_SYSTEM,
    summary: 'MongoDB is down, messages are sent, ingest dies',
    run: async (context) => {
      await context.tell('kill', 'mongo-1');
      await context.burst(0, 20);
      await context.settledWithin(15_000);
      await context.tell('kill', 'ingest-1');
      await context.tell('start', 'mongo-1');
      await context.tell('start', 'ingest-1');
    },
  },
  'store-error-swallowed': {
    counts: SMALL_SYSTEM,
    summary: 'MongoDB is down while messages are sent',
    run: sendWhileStoreIsDown,
  },
  'dead-letter-not-awaited': {
    counts: SMALL_SYSTEM,
    summary: 'the dead-letter topic refuses every append for a while, poison is sent, ingest dies',
    run: async (context) => {
      const letters = context.topic(deadLetterTopicOf(context.subject.topic));
      await letters.setMaxMessageBytes(100);
      await context.send(0);
      await context.appendEachPoison(0);
      await context.send(0);
      await context.settledWithin(15_000);
      await context.tell('kill', 'ingest-1');
      await letters.setMaxMessageBytes(2 * 1024 ** 2);
      await context.tell('start', 'ingest-1');
    },
  },
  'retry-reorders': {
    counts: SMALL_SYSTEM,
    summary: 'MongoDB is down while messages are sent; it returns, and more is sent while the conversation is read',
    run: async (context) => {
      await sendWhileStoreIsDown(context);
      const sendMore = async (): Promise<void> => {
        for (let sent = 0; sent < 20; sent += 1) await context.send(0, { waitS: 10 });
      };
      await context.readDuring(0, sendMore());
    },
  },
};
