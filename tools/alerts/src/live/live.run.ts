import { ChronyServer, PrometheusServer, StackRefusal, type StackOptions, type SystemCounts } from '@wiber/harness';
import { AlertsError } from '../alerts.errors.ts';
import { alertsOf, ruleGroups } from '../rules/rule.files.ts';
import type { AlertFault } from './alert.fault.ts';
import { SMALL_DISK, WrongTime, clusterFaults } from './cluster.faults.ts';
import { LONG_FAULTS } from './long.faults.ts';
import { SMALL_FAULTS, SMALL_SYSTEM } from './small.faults.ts';
import { WatchedSystem } from './watched.system.ts';

const CLUSTER: SystemCounts = { brokers: 3, mongod: 3, gateway: 1, ingest: 1, metrics: 2 };
/** Ranges of days end after this time, also on a machine that is busy. */
const END_MS = 400_000;

type Say = (line: string) => void;

interface LiveRun {
  counts: SystemCounts;
  options?: StackOptions;
  faults: readonly AlertFault[];
}

/** Whether each fault had its alerts, and each alert its end. */
const tryFaults = async ({ counts, options, faults }: LiveRun, say: Say): Promise<Set<string>> => {
  const fired = new Set<string>();
  const watched = await WatchedSystem.start(counts, options);
  try {
    for (const { title, alerts, missing, make, mend } of faults) {
      const lack = missing?.();
      if (lack !== undefined) {
        say(`left out: ${title}: ${lack}`);
        continue;
      }
      try {
        await make(watched);
        await watched.untilFiring(alerts, END_MS);
        for (const alert of alerts) fired.add(alert);
        say(`${title}: ${alerts.join(', ')} fire`);
      } catch (error) {
        say(`${title}: ${(error as Error).message}`);
      } finally {
        await mend(watched);
      }
    }
    await watched.untilEnded([...fired], END_MS);
    say('every one of them has ended');
    return fired;
  } finally {
    await watched.close();
  }
};

/** Makes every fault on real servers. Resolves to the exit code. @throws AlertsError */
export const runLive = async (say: Say): Promise<number> => {
  const missing = PrometheusServer.missing();
  if (missing !== undefined) throw new AlertsError(missing);
  const time = new WrongTime();
  const hasTime = ChronyServer.missing({ offsetSeconds: 1 }) === undefined;
  try {
    const fired = [
      await tryFaults({ counts: SMALL_SYSTEM, faults: [...LONG_FAULTS, ...SMALL_FAULTS] }, say),
      await tryFaults(
        {
          counts: CLUSTER,
          options: { smallDisks: [SMALL_DISK], env: hasTime ? await time.start() : {} },
          faults: clusterFaults(time),
        },
        say,
      ),
    ];
    const silent = alertsOf(ruleGroups()).flatMap(({ alert }) =>
      fired.some((names) => names.has(alert)) ? [] : [alert],
    );
    const expected = [...LONG_FAULTS, ...SMALL_FAULTS, ...clusterFaults(time)].flatMap(({ alerts }) => alerts);
    say(`only by unit tests: ${silent.filter((alert) => !expected.includes(alert)).join(', ')}`);
    const failed = silent.filter((alert) => expected.includes(alert));
    if (failed.length > 0) say(`not seen: ${failed.join(', ')}`);
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof StackRefusal) throw new AlertsError(error.message);
    throw error;
  } finally {
    await time.stop();
  }
};
