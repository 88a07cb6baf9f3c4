import { DEFAULT_COLLECTION, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { LeaseWatch, type FiguresNames } from '@wiber/evidence';
import { OwnSystem } from '@wiber/harness';
import type { ForcedTakeover, RunEvidence } from '../checker/run.evidence.ts';
import type { TakeoverOptions } from '../command.line.ts';
import { readEvidence } from '../evidence/run.reading.ts';
import { needsWrongClocks } from '../plan/takeover.kind.ts';
import { planTakeovers } from '../plan/takeover.plan.ts';
import { RunError } from '../takeovers.errors.ts';
import { forceTakeover, untilWell, type TakeoverWorld } from './forced.takeover.ts';
import { MessageFlow } from './message.flow.ts';
import { requireWrongClocks } from './primary.change.ts';
import { CLOCKS } from './wrong.clocks.ts';

export interface TakeoverRun {
  evidence: RunEvidence;
  messages: { accepted: number; failed: number };
  seconds: number;
}

const COUNTS = { brokers: 1, mongod: 3, gateway: 1, ingest: 1, metrics: 3 };

/** The shares of the default times of the lease. Counting often, a worker is often paused in the middle of it. */
const environmentOf = (ttlMs: number): Record<string, string> => ({
  METRICS_LEASE_TTL_MS: String(ttlMs),
  METRICS_LEASE_RENEW_MS: String(Math.round(ttlMs * 0.625)),
  METRICS_LEASE_RETRY_MS: String(Math.round(ttlMs * 0.2)),
  METRICS_PERIOD_MS: '250',
  // No window may end within the run, whichever clock decides it.
  METRICS_SECONDS_KEPT_HOURS: '168',
  KAFKA_PARTITIONS: '2',
});

/** Starts a system, forces the takeovers while messages flow, and reads what was left behind. @throws RunError */
export const runTakeovers = async (options: TakeoverOptions, say: (line: string) => void): Promise<TakeoverRun> => {
  const { seed, ttlMs, ratePerS, kinds } = options;
  const clocks = kinds.some(needsWrongClocks) ? { ...CLOCKS } : {};
  const system = await OwnSystem.start(COUNTS, { links: true, clocks, env: environmentOf(ttlMs) });
  const names: FiguresNames = {
    ...{ mongoUri: system.mongoUri, topic: DEFAULT_TOPIC },
    ...{ database: DEFAULT_DATABASE, collection: DEFAULT_COLLECTION },
  };
  const watch = new LeaseWatch(names);
  const flow = new MessageFlow(system.urlOf('gateway'), { seed, ratePerS });
  try {
    if (kinds.some(needsWrongClocks)) await requireWrongClocks(system);
    const world = { system, watch, ttlMs };
    const since = performance.now();
    const takeovers: ForcedTakeover[] = [];
    const stoppedBy = await forceAll(options, world, (takeover) => {
      takeovers.push(takeover);
      say(lineOf(takeover, takeovers.length, performance.now() - since));
    });
    await flow.stop();
    say(stoppedBy === undefined ? 'reading what was left behind' : `${stoppedBy}; reading what was left behind`);
    const run = { ttlMs, takeovers, planned: options.count, ...(stoppedBy === undefined ? {} : { stoppedBy }) };
    const evidence = await readEvidence({ brokers: system.kafka, names, run });
    const { accepted, failed } = flow;
    return { evidence, messages: { accepted, failed }, seconds: (performance.now() - since) / 1000 };
  } finally {
    await flow.stop();
    await watch.close();
    await system.close();
  }
};

/** @returns why not all could be forced. What was left behind until then is judged all the same. */
const forceAll = async (
  options: TakeoverOptions,
  world: TakeoverWorld,
  forced: (takeover: ForcedTakeover) => void,
): Promise<string | undefined> => {
  try {
    for (const planned of planTakeovers(options)) {
      const takeover = await forceTakeover(planned, world);
      forced(takeover);
      if (!takeover.to) return undefined;
    }
    await untilWell(world);
    return undefined;
  } catch (error) {
    // Told in full here: the report has its sentence only.
    if (!(error instanceof RunError)) process.stderr.write(`takeovers: ${(error as Error).stack}\n`);
    return (error as Error).message;
  }
};

const lineOf = ({ kind, leader, from, to, leaderlessMs }: ForcedTakeover, index: number, sinceMs: number): string => {
  const next = to ? `${to.instance} leads in term ${to.term} after ${Math.round(leaderlessMs)} ms` : 'nobody took over';
  return `${Math.round(sinceMs / 1000)} s, ${index}: ${kind} (${leader}) of ${from.instance} in term ${from.term}; ${next}`;
};
