import { appendEachForeign } from './append.steps.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';
import { attack, clockOf, neighbourOf, recordTopicRisk, remakeTopic, restart, sendInFlight } from './weather.steps.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const WEATHER_SCENARIOS: Record<string, Scenario> = {
  'unknown-as-unsent': {
    counts: SMALL_SYSTEM,
    summary: 'the broker is paused with an unread request until its sender is answered, and resumes',
    run: async (context) => {
      await context.send(0);
      await context.tell('pause', 'kafka-1');
      await context.send(0);
      await context.tell('resume', 'kafka-1');
      await context.laneEmptyWithin(60_000);
    },
  },
  'stored-by-position': {
    counts: SMALL_SYSTEM,
    summary: 'ingest is away, the topic is deleted and made anew, messages are sent with Prefer: wait',
    run: async (context) => {
      for (let sent = 0; sent < 5; sent += 1) await context.send(0, { waitS: 10 });
      const other = await neighbourOf(context, 0);
      await context.tell('stop', 'ingest-1');
      await remakeTopic(context);
      await context.sendUntilAcked(other);
      // Their offsets are below those that ingest had committed of the deleted topic.
      for (let sent = 0; sent < 3; sent += 1) await context.send(other, { waitS: 1 });
      await context.tell('start', 'ingest-1');
    },
  },
  'wall-clock-deadline': {
    counts: SMALL_SYSTEM,
    summary: "the broker is paused, a message is sent, the gateway's clock is set back an hour",
    run: async (context) => {
      await context.send(0);
      await context.tell('pause', 'kafka-1');
      const { answer } = await sendInFlight(context, 0);
      const clock = clockOf(context, 'gateway-1');
      await clock.jump(-HOUR_MS);
      await answer;
      await clock.jumpBack();
      await context.tell('resume', 'kafka-1');
      await context.sendUntilAcked(0);
    },
  },
  'unbounded-waiters': {
    counts: SMALL_SYSTEM,
    summary: 'a client sends 50,000 pipelined reads that wait for a position, while liveness is probed',
    run: async (context) => {
      await context.send(0, { waitS: 10 });
      await attack(context, { waits: 50_000 }, { forMs: 15_000, thenMs: 15_000 });
    },
  },
  'prototype-header': {
    counts: SMALL_SYSTEM,
    summary: 'another producer appends records with headers named like properties of Object.prototype',
    settleMs: 60_000,
    run: async (context) => {
      await context.send(0, { waitS: 10 });
      await appendEachForeign(context);
      await context.burst(0, 10);
    },
  },
  'retention-ignored': {
    counts: SMALL_SYSTEM,
    summary: 'the topic is set to delete records after a day, and gateway and ingest start again',
    run: async (context) => {
      await context.topic().set('retention.ms', String(DAY_MS));
      for (const app of ['gateway-1', 'ingest-1']) {
        await restart(context, app);
        await recordTopicRisk(context, app, 'retention.ms');
      }
    },
  },
};
