import { DEFAULT_TOPIC } from '@wiber/contracts';
import { OwnSystem, type SystemCounts } from '@wiber/testing';
import type { Observation } from './checker/observation.ts';
import { leaderIdOf } from './evidence/log.reader.ts';
import { observe, untilSettled } from './evidence/observe.ts';
import { primaryAddress } from './evidence/store.reader.ts';
import type { Fault } from './nemesis/fault.ts';
import { torment, type FaultRecord } from './nemesis/nemesis.ts';
import { Random } from './random.ts';
import type { Progress } from './report/progress.ts';
import { Recorder } from './workload/recorder.ts';
import { Workload } from './workload/workload.ts';

export interface ChaosOptions {
  seconds: number;
  seed: number;
  /** Sends a second. */
  ratePerS: number;
  faults: Fault[];
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
  const system = await OwnSystem.start(counts);
  const recorder = new Recorder(system.urlsOf('gateway'));
  try {
    progress.follow(recorder);
    progress.phase('loading');
    const workload = new Workload(recorder, { seed, ratePerS, conversations: 40, readers: 4 });
    const running = workload.run();
    const faults = await torment(options.faults, seconds * 1000, portsOf(system, seed, { recorder, progress }));
    await pause(Math.max(0, seconds * 1000 - recorder.now));
    workload.stop();
    await running;
    progress.phase('settling');
    await untilSettled(system);
    progress.phase('reading');
    return { options, faults, observation: await observe(system, recorder) };
  } finally {
    await recorder.close();
    await system.close();
  }
};

const portsOf = (
  system: OwnSystem,
  seed: number,
  { recorder, progress }: { recorder: Recorder; progress: Progress },
) => ({
  context: {
    system,
    random: new Random(seed + 1),
    leaderOf: async (partition: number) => `kafka-${await leaderIdOf(system.kafka, DEFAULT_TOPIC, partition)}`,
    primary: async () => {
      const address = await primaryAddress(system.mongoUri);
      return system.run.mongo.find((member) => member.address === address)!.id;
    },
  },
  now: () => recorder.now,
  pause,
  say: (line: string) => progress.say(line),
});
