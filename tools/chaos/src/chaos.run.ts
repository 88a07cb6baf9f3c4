import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TOPIC } from '@wiber/contracts';
import { OwnSystem, type SystemCounts } from '@wiber/testing';
import type { Observation } from './checker/observation.ts';
import { leaderIdOf } from './evidence/log.reader.ts';
import { observe, untilSettled } from './evidence/observe.ts';
import { primaryAddress } from './evidence/store.reader.ts';
import type { Fault, FaultContext } from './nemesis/fault.ts';
import { torment, type FaultRecord } from './nemesis/nemesis.ts';
import { environmentOf } from './plant/plant.environment.ts';
import { CRASH_POINTS } from './plant/crash.points.ts';
import { Random } from './random.ts';
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
  counts: SystemCounts;
}

export interface ChaosRun {
  options: ChaosOptions;
  observation: Observation;
  faults: FaultRecord[];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a system, loads it, breaks it, lets it settle, and gathers what it left. */
export const runChaos = async (options: ChaosOptions, progress: Progress): Promise<ChaosRun> => {
  const { seed, ratePerS, seconds, counts } = options;
  progress.phase('starting');
  const crashFolder = mkdtempSync(join(tmpdir(), 'wiber-crash-'));
  const system = await OwnSystem.start(counts, { env: environmentOf([CRASH_POINTS.name], crashFolder) });
  const recorder = new Recorder(system.urlsOf('gateway'));
  const poison = new PoisonProducer(system.kafka, DEFAULT_TOPIC);
  try {
    progress.follow(recorder);
    progress.phase('loading');
    const workload = new Workload(recorder, { seed, ratePerS, conversations: 40, readers: 4 });
    const running = workload.run();
    const context = { ...contextOf(system, recorder), poison, crashFolder, random: new Random(seed + 1) };
    const faults = await torment(options.faults, seconds * 1000, {
      context,
      now: () => recorder.now,
      pause,
      say: (line) => progress.say(line),
      phase: (name) => progress.phase(name),
    });
    await pause(Math.max(0, seconds * 1000 - recorder.now));
    workload.stop();
    await running;
    progress.phase('settling');
    await untilSettled(system);
    progress.phase('reading');
    return { options, faults, observation: await observe(system, recorder, poison.rows) };
  } finally {
    await poison.close();
    await recorder.close();
    await system.close();
    rmSync(crashFolder, { recursive: true, force: true });
  }
};

const contextOf = (
  system: OwnSystem,
  { sends }: Recorder,
): Pick<FaultContext, 'system' | 'leaderOf' | 'primary' | 'someAcked'> => ({
  system,
  leaderOf: async (partition) => `kafka-${await leaderIdOf(system.kafka, DEFAULT_TOPIC, partition)}`,
  primary: async () => {
    const address = await primaryAddress(system.mongoUri);
    return system.run.mongo.find((member) => member.address === address)!.id;
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
