import { setTimeout as pause } from 'node:timers/promises';
import { LEASE_TIMES } from '../workers.ts';
import { SMALL_SYSTEM, type Scenario } from './scenario.ts';
import { leaderNow, whileSending } from './worker.steps.ts';

/** A contender tries within 0.4 s, and so does the holder: which one comes first after a jump is chance. */
const JUMPS = 8;
/** Longer than a server takes to follow, and than a contender to try. */
const WRONG_MS = 3000;
const RIGHT_MS = 2000;

export const CLOCK_SCENARIOS: Record<string, Scenario> = {
  'lease-by-server-clock': {
    counts: { ...SMALL_SYSTEM, metrics: 2 },
    workers: LEASE_TIMES,
    summary: `the clock of the primary is set an hour ahead and back, ${JUMPS} times, while a worker leads`,
    run: (context) =>
      whileSending(context, async () => {
        await leaderNow(context);
        for (let jump = 0; jump < JUMPS; jump += 1) {
          const clock = context.moveClock('mongo-1', 'ahead');
          await pause(WRONG_MS);
          await clock.setRight();
          await pause(RIGHT_MS);
        }
        await leaderNow(context);
      }),
  },
  'late-records-dropped': {
    counts: SMALL_SYSTEM,
    workers: LEASE_TIMES,
    summary: 'the clock of the broker is set back an hour while messages are sent, and forward again',
    run: (context) =>
      whileSending(context, async () => {
        await leaderNow(context);
        const clock = context.moveClock('kafka-1', 'behind');
        await pause(2 * WRONG_MS);
        await clock.setRight();
        await pause(RIGHT_MS);
      }),
  },
};
