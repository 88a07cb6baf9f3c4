import { ChronyServer, PrometheusServer, StackRefusal, type StackOptions, type SystemCounts } from '@wiber/harness';
import { AlertsError } from '../alerts.errors.ts';
import { alertsOf, ruleGroups } from '../rules/rule.files.ts';
import type { AlertFault } from './alert.fault.ts';
import { SMALL_DISK, WrongTime, clusterFaults } from './cluster.faults.ts';
import { LONG_FAULTS } from './long.faults.ts';
import { SMALL_FAULTS, SMALL_SYSTEM } from './small.faults.ts';
import { WatchedSystem } from './watched.system.ts';

const CLUSTER: SystemCounts = { brokers: 3, mongod: 3, gateway: 1, ingest: 1, metrics: 2 };
const FIRE_MS = 120_000;
/** 6 hours on the shorter time, and as much again for a machine that is busy. */
const END_MS = 400_000;

type Say = (line: string) => void;

interface LiveRun {
  counts: SystemCounts;
  options?: StackOptions;
  faults: readonly AlertFault[];
}

interface Seen {
  fired: Set<string>;
  /** What did not go as it should. */
  faults: string[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes the faults one after the other. One that fails does not end the run. */
export const tryFaults = async ({ counts, options, faults }: LiveRun, say: Say): Promise<Seen> => {
  const seen: Seen = { fired: new Set(), faults: [] };
  const attempt = async (title: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
      say(title);
    } catch (error) {
      seen.faults.push(`${title}: ${messageOf(error)}`);
      say(`NOT ${title}: ${messageOf(error)}`);
    }
  };
  const watched = await WatchedSystem.start(counts, options);
  try {
    for (const { title, alerts, missing, make, mend } of faults) {
      const lack = missing?.();
      if (lack !== undefined) {
        say(`left out: ${title}: ${lack}`);
        continue;
      }
      await attempt(`${title}: ${alerts.join(', ')}`, async () => {
        try {
          await make(watched);
          await watched.untilFiring(alerts, FIRE_MS);
          for (const alert of alerts) seen.fired.add(alert);
        } finally {
          await mend(watched);
        }
      });
    }
    for (const alert of seen.fired) await attempt(`${alert} has ended`, () => watched.untilEnded([alert], END_MS));
    return seen;
  } finally {
    await watched.close();
  }
};

const runBoth = async (time: WrongTime, say: Say): Promise<{ tried: Seen[]; planned: string[] }> => {
  const small = { counts: SMALL_SYSTEM, faults: [...LONG_FAULTS, ...SMALL_FAULTS] };
  const tried = [await tryFaults(small, say)];
  // Not before: the server with the wrong time ends by itself after minutes, and the small system takes as many.
  const env = ChronyServer.missing({ offsetSeconds: 1 }) === undefined ? await time.start() : {};
  const cluster = { counts: CLUSTER, options: { smallDisks: [SMALL_DISK], env }, faults: clusterFaults(time) };
  tried.push(await tryFaults(cluster, say));
  return { tried, planned: [...small.faults, ...cluster.faults].flatMap(({ alerts }) => alerts) };
};

/** Makes every fault on real servers. Resolves to the exit code. @throws AlertsError */
export const runLive = async (say: Say): Promise<number> => {
  const missing = PrometheusServer.missing();
  if (missing !== undefined) throw new AlertsError(missing);
  const time = new WrongTime();
  try {
    const { tried, planned } = await runBoth(time, say);
    const unplanned = alertsOf(ruleGroups()).flatMap(({ alert }) => (planned.includes(alert) ? [] : [alert]));
    say(`\nonly unit tests have: ${unplanned.join(', ')}`);
    const faults = tried.flatMap((seen) => seen.faults);
    say(faults.length === 0 ? 'every other alert fired and ended' : `\n${faults.join('\n')}`);
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof StackRefusal) throw new AlertsError(error.message);
    throw error;
  } finally {
    await time.stop();
  }
};
