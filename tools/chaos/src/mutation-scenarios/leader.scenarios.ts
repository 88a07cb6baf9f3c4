import { setTimeout as pause } from 'node:timers/promises';
import { deleteLease } from '@wiber/evidence';
import { CRASH_POINTS } from '../mutations/crash.mutation.ts';
import { LEASE_TIMES } from '../workers.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';
import { clockOf } from './weather.steps.ts';
import {
  crashOnceAt,
  historyGrows,
  leaderNow,
  otherWorker,
  whenFiguresArrive,
  whenRenewed,
  whileSending,
} from './worker.steps.ts';

const HOUR_MS = 3_600_000;
const TWO_WORKERS = { ...SMALL_SYSTEM, metrics: 2 };
const STORE = 'mongo-1';

/** The time of a holder ends just before the ttl. A time that counts from a late answer ends after it. */
const CLOSE_TIMES = { ttlMs: 3000, renewMs: 2900, retryMs: 100 };
/** In one direction. A call and its answer must take less than half of the time of a holder, or each is given up. */
const SLOW_MS = 600;
/** Renewals are rare: a release waits until the renewal that is under way is answered. */
const LONG_TIMES = { ttlMs: 8000, renewMs: 6000, retryMs: 4000 };
const SLOW_FOR_LONG_TIMES_MS = 500;
/** All workers look within 300 ms. A call may take long, so that none is given up on a slow link. */
const QUICK_LOOKS = { ttlMs: 8000, renewMs: 6000, retryMs: 250 };
/** In one direction: longer than the time in which all have looked. */
const GATHER_MS = 500;
/** A look and the search for the highest term are answered, and the take of each worker is under way. */
const GATHERED_MS = 4 * GATHER_MS + 350;
/** What a healed link has kept is with the store. */
const ARRIVE_MS = 100;

export const LEADER_SCENARIOS: Record<string, Scenario> = {
  'lease-by-client-clock': {
    counts: TWO_WORKERS,
    workers: LEASE_TIMES,
    summary: 'the clock of the worker that does not lead is set an hour ahead',
    run: (context) =>
      whileSending(context, async () => {
        const clock = clockOf(context, otherWorker(context, await leaderNow(context)));
        await clock.jump(HOUR_MS);
        await pause(3 * LEASE_TIMES.ttlMs);
        await clock.jumpBack();
      }),
  },
  'lease-deleted-on-release': {
    counts: TWO_WORKERS,
    workers: LEASE_TIMES,
    summary: 'the leader is stopped in order, and the other worker leads',
    run: async (context) => {
      await context.send(0);
      const first = await leaderNow(context);
      await context.tell('stop', first);
      await leaderNow(context, first);
      await context.tell('start', first);
      await context.send(0);
    },
  },
  'lease-upsert-on-any': {
    counts: { ...SMALL_SYSTEM, metrics: 4 },
    workers: QUICK_LOOKS,
    links: true,
    summary:
      'there is no lease, and the store gets from a pause what four workers have sent who all have seen none; eight times',
    run: async (context) => {
      const { links } = context;
      const workers = [...context.workers.keys()];
      await context.send(0);
      for (let time = 0; time < 8; time += 1) {
        await leaderNow(context);
        // A lease that is deleted before its term is in the history begins with that term again, in the product too.
        await historyGrows(context, time);
        await deleteLease(context.subject);
        for (const worker of workers) await links.delay(worker, STORE, GATHER_MS);
        await pause(GATHERED_MS);
        await context.tell('pause', STORE);
        for (const worker of workers) await links.heal(worker, STORE);
        await pause(ARRIVE_MS);
        await context.tell('resume', STORE);
      }
      await leaderNow(context);
    },
  },
  'counted-without-up-to': {
    counts: SMALL_SYSTEM,
    workers: LEASE_TIMES,
    mutations: [CRASH_POINTS.name],
    summary: 'the leader dies after it has written figures and before it writes how far it has counted',
    run: (context) =>
      whileSending(context, async () => {
        await leaderNow(context);
        await crashOnceAt(context, 'after-figures');
      }),
  },
  'lease-from-answer': {
    counts: TWO_WORKERS,
    workers: CLOSE_TIMES,
    links: true,
    summary: 'the link from the leader to the store is slow, and is cut right after the answer to a renewal; twice',
    run: async (context) => {
      await context.send(0);
      for (let time = 0; time < 2; time += 1) {
        const leader = await leaderNow(context);
        const { links } = context;
        await links.delay(leader, STORE, SLOW_MS);
        await whenRenewed(context, leader);
        await links.cut(leader, STORE);
        await leaderNow(context, leader);
        await pause(CLOSE_TIMES.ttlMs);
        await links.heal(leader, STORE);
      }
    },
  },
  'lease-released-early': {
    counts: TWO_WORKERS,
    workers: LONG_TIMES,
    links: true,
    summary:
      'the link from the leader to the store is slow, and becomes quick when the leader is stopped while a write is under way; three times',
    run: (context) =>
      whileSending(context, async () => {
        for (let time = 0; time < 3; time += 1) {
          const leader = await leaderNow(context);
          await context.links.delay(leader, STORE, SLOW_FOR_LONG_TIMES_MS);
          // The first figures may have been on their way before the link was slow.
          for (let round = 0; round < 2; round += 1) await whenFiguresArrive(context);
          // The answer is back, and the next write is half-way. What is sent from now on passes it.
          await pause(1.5 * SLOW_FOR_LONG_TIMES_MS);
          await context.links.delay(leader, STORE, 1);
          await context.tell('stop', leader);
          await leaderNow(context, leader);
          await context.tell('start', leader);
          await context.links.heal(leader, STORE);
        }
      }),
  },
};
