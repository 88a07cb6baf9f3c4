import { PassThrough } from 'node:stream';
import { RunClock } from './run.clock.ts';
import { FOLLOW } from './tour/steps/follow.step.ts';
import { INGEST_DIES } from './tour/steps/kill.steps.ts';
import { LOAD } from './tour/steps/load.step.ts';
import { PICTURE } from './tour/steps/picture.step.ts';
import { SCALE } from './tour/steps/scale.step.ts';
import { timedPacer } from './tour/pacer.ts';
import type { TourPlan } from './tour/tour.plan.ts';
import { runTour } from './tour/tour.run.ts';

/** As small as a cluster can be to which an ingest is added before one is killed. */
const SMALL: TourPlan = {
  counts: { brokers: 1, mongod: 1, gateway: 1, ingest: 1, metrics: 1 },
  stream: { ratePerS: 50, clients: 8 },
  steadyMs: { before: 500, down: 200, after: 200 },
  steps: [PICTURE, LOAD, FOLLOW, SCALE, INGEST_DIES],
  env: { KAFKA_SESSION_TIMEOUT_MS: '6000' },
};

test('the tour opens the console, sends, adds an ingest, kills one, tells what happened, and nothing acknowledged is lost', async () => {
  const clock = new RunClock();
  const out = new PassThrough({ encoding: 'utf8' });
  const { signal } = new AbortController();
  const opened: string[] = [];
  const verdict = await runTour({
    ...{ clock, out, signal, plan: SMALL },
    pacer: timedPacer(50, signal),
    openConsole: (address) => void opened.push(address),
  });
  expect(verdict.findings).toEqual([]);
  expect(verdict.held).toBe(true);
  expect(verdict.all.acknowledged).toBeGreaterThan(100);

  const told = String(out.read());
  const [address] = opened;
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console$/);
  expect(told).toContain(`The console: ${address}\n`);
  expect(told).toMatch(new RegExp(`See its way: ${address}/messages/[0-9a-f-]{36}\n`));
  expect(told).toMatch(/ingest-2 had its partitions \d+\.\d s after its start/);
  expect(told).toMatch(/ingest-\d was killed\. Another had taken over after \d+\.\d s; all was whole again/);
  expect(told).toContain('Acknowledged and lost: 0. Stored twice: 0. Out of order: 0.');
  // Each step says what to look at before it, and what happened after it.
  for (const [index, { title }] of SMALL.steps.entries()) expect(told).toContain(`${index + 1}/6  ${title}\n`);
  expect(told.match(/What happened:/g)).toHaveLength(SMALL.steps.length);
}, 180_000);
