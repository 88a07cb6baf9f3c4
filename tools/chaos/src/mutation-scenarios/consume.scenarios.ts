import { deadLetterTopicOf } from '@wiber/contracts';
import { appendEachPoison } from './append.steps.ts';
import type { ScenarioContext } from './scenario.context.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';

const sendWhileStoreIsDown = async (context: ScenarioContext): Promise<void> => {
  await context.tell('kill', 'mongo-1');
  await context.burst(0, 20);
  await context.settledWithin(20_000);
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
    run: async (context) => {
      await sendWhileStoreIsDown(context);
      await context.tell('start', 'mongo-1');
    },
  },
  'dead-letter-not-awaited': {
    counts: SMALL_SYSTEM,
    summary: 'the dead-letter topic refuses every append for a while, poison is sent, ingest dies',
    run: async (context) => {
      const letters = context.topic(deadLetterTopicOf(context.subject.topic));
      await letters.setMaxMessageBytes(100);
      await context.send(0);
      await appendEachPoison(context, 0);
      await context.send(0);
      await context.settledWithin(15_000);
      await context.tell('kill', 'ingest-1');
      await letters.setMaxMessageBytes(2 * 1024 ** 2);
      await context.tell('start', 'ingest-1');
    },
  },
  'retry-reorders': {
    counts: SMALL_SYSTEM,
    summary: 'MongoDB is down while messages are sent, and returns while the conversation is read',
    run: async (context) => {
      await sendWhileStoreIsDown(context);
      // The mutant retries each failed message 3 s after its failure, again and again. The failures are spread over 6 s,
      // so retries of early and of late messages alternate: some late message overtakes an early one, no matter when
      // MongoDB returns.
      for (let sent = 0; sent < 20; sent += 1) await context.sendAfter(300, 0);
      await context.readDuring(0, context.tell('start', 'mongo-1'));
      const sendMore = async (): Promise<void> => {
        for (let sent = 0; sent < 20; sent += 1) await context.send(0, { waitS: 10 });
      };
      await context.readDuring(0, sendMore());
    },
  },
};
