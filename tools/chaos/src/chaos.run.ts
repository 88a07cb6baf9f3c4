import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_TOPIC } from '@wiber/contracts';
import { leaderIdOf, primaryAddress } from '@wiber/evidence';
import { OwnSystem, type StackOptions, type SystemCounts } from '@wiber/harness';
import type { Observation } from './checker/observation.ts';
import { ClusterHealth } from './evidence/cluster.health.ts';
import { observe, untilSettled } from './evidence/observe.ts';
import { ServerLogs } from './evidence/server.logs.ts';
import type { Fault, FaultContext } from './nemesis/fault.ts';
import { torment, type FaultRecord } from './nemesis/nemesis.ts';
import { environmentOf } from './plant/plant.environment.ts';
import { CRASH_POINTS } from './plant/crash.points.ts';
import { subjectOf } from './subject.ts';
import type { Progress } from './report/progress.ts';
import { PoisonProducer } from './tamper/poison.producer.ts';
import { Recorder } from './workload/recorder.ts';
import { Workload } from './workload/workload.ts';

export interface ChaosOptions {
  seconds: number;
  seed: number;
  /** Sends a second. */
  ratePerS: number;
  faults: readonly Fault[];
  /** How many faults may be under way at once. */
  mixed: number;
  counts: SystemCounts;
}

export interface ChaosRun {
  options: ChaosOptions;
  observation: Observation;
  faults: FaultRecord[];
}

/** What a system must be started with to be broken in these ways. */
const meansOf = ({ faults, counts }: ChaosOptions): StackOptions => {
  const { brokers = 1, mongod = 1 } = counts;
  const disks = faults.some(({ needs }) => needs === 'disks');
  const numbered = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);
  return {
    links: faults.some(({ needs }) => needs === 'links'),
    smallDisks: disks ? [...numbered('kafka', brokers), ...numbered('mongo', mongod)] : [],
  };
};

/** Starts a system, loads it, breaks it, lets it settle, and gathers what it left. */
export const runChaos = async (options: ChaosOptions, progress: Progress): Promise<ChaosRun> => {
  const { seed, ratePerS, seconds, counts } = options;
  progress.phase('starting');
  const crashFolder = mkdtempSync(join(tmpdir(), 'wiber-crash-'));
  // However this process ends.
  process.once('exit', () => rmSync(crashFolder, { recursive: true, force: true }));
  const env = environmentOf([CRASH_POINTS.name], crashFolder);
  const system = await OwnSystem.start(counts, { env, ...meansOf(options) });
  const recorder = new Recorder(system.urlsOf('gateway'));
  const poison = new PoisonProducer(system.kafka, DEFAULT_TOPIC);
  try {
    progress.follow(recorder);
    progress.phase('loading');
    const workload = new Workload(recorder, { seed, ratePerS, conversations: 40, readers: 4 });
    const running = workload.run();
    const context = { ...contextOf(system, recorder), poison, crashFolder };
    const { faults: kinds, mixed } = options;
    const faults = await torment(
      { faults: kinds, seed: seed + 1, mixed, untilMs: seconds * 1000 },
      {
        context,
        now: () => recorder.now,
        pause: async (ms, signal) => pause(ms, undefined, { signal }),
        say: (line) => progress.say(line),
        phase: (name) => progress.phase(name),
      },
    );
    await pause(Math.max(0, seconds * 1000 - recorder.now));
    workload.stop();
    await running;
    progress.phase('settling');
    await untilSettled(subjectOf(system));
    progress.phase('reading');
    return { options, faults, observation: await observe(subjectOf(system), recorder, poison.rows) };
  } finally {
    await poison.close();
    await recorder.close();
    await system.close();
  }
};

const contextOf = (
  system: OwnSystem,
  { sends }: Recorder,
): Omit<FaultContext, 'random' | 'poison' | 'crashFolder'> => ({
  system,
  logs: new ServerLogs(system.logs),
  health: new ClusterHealth(system, DEFAULT_TOPIC),
  leaderOf: async (partition) => {
    const id = await leaderIdOf(system.kafka, DEFAULT_TOPIC, partition);
    if (id < 0) throw new Error(`nobody leads partition ${partition} now`);
    return `kafka-${id}`;
  },
  primary: async () => {
    const address = await primaryAddress(system.mongoUri);
    const found = system.run.mongo.find((member) => member.address === address);
    if (!found) throw new Error('no member is primary now');
    return found.id;
  },
  someAcked: (random) => {
    // Few tries: most of the sends of a run are acknowledged.
    for (let tries = 0; tries < 20 && sends.length > 0; tries += 1) {
      const { fromUser, toUser, outcome } = random.pick(sends);
      if (outcome.type === 'acked') return { fromUser, toUser, messageId: outcome.messageId };
    }
    return undefined;
  },
});
