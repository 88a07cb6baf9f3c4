import {
  DEFAULT_COLLECTION,
  DEFAULT_CONSUMER_GROUP,
  DEFAULT_DATABASE,
  DEFAULT_TOPIC,
  REJECTED_COLLECTION,
} from '@wiber/contracts';
import { OwnSystem, eventually, type SystemCounts } from '@wiber/testing';
import type { Observation } from './checker/observation.ts';
import { lagOf, leaderIdOf, readLog } from './evidence/log.reader.ts';
import { primaryAddress, readStore } from './evidence/store.reader.ts';
import type { Fault } from './nemesis/fault.ts';
import { torment, type FaultRecord } from './nemesis/nemesis.ts';
import { Random } from './random.ts';
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

type Say = (line: string) => void;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** How long the healed system may take to store what it holds. */
const SETTLE_MS = 180_000;

/** Starts a system, loads it, breaks it, lets it settle, and gathers what it left. */
export const runChaos = async (options: ChaosOptions, say: Say): Promise<ChaosRun> => {
  say('starting the system');
  const system = await OwnSystem.start(options.counts);
  try {
    const { seed, ratePerS, seconds } = options;
    const workload = new Workload(system.urlsOf('gateway'), { seed, ratePerS, conversations: 40, readers: 4 });
    const running = workload.run();
    const telling = setInterval(() => tell(workload, say), 10_000);
    const faults = await torment(options.faults, seconds * 1000, portsOf(system, options, { workload, say }));
    await pause(Math.max(0, seconds * 1000 - workload.now));
    workload.stop();
    await running;
    clearInterval(telling);
    tell(workload, say);
    say('the load has ended; waiting until everything is stored');
    await settle(system);
    return { options, faults, observation: await gather(system, workload) };
  } finally {
    await system.close();
  }
};

const tell = ({ sends, walks, now }: Workload, say: Say): void => {
  const count = (type: string) => sends.filter(({ outcome }) => outcome.type === type).length;
  const seconds = Math.round(now / 1000);
  say(
    `${seconds} s: ${count('acked')} acked, ${count('unknown')} unknown, ${count('refused')} refused, ${walks.length} walks`,
  );
};

const portsOf = (system: OwnSystem, { seed }: ChaosOptions, { workload, say }: { workload: Workload; say: Say }) => ({
  context: {
    system,
    random: new Random(seed + 1),
    leaderOf: async (partition: number) => `kafka-${await leaderIdOf(system.kafka, DEFAULT_TOPIC, partition)}`,
    primary: async () => {
      const address = await primaryAddress(system.mongoUri);
      return system.run.mongo.find((member) => member.address === address)!.id;
    },
  },
  now: () => workload.now,
  pause,
  say,
});

const settle = (system: OwnSystem): Promise<void> =>
  eventually(
    async () => {
      const lag = await lagOf(system.kafka, DEFAULT_TOPIC, DEFAULT_CONSUMER_GROUP);
      if (lag > 0) throw new Error(`${lag} records are not stored yet`);
    },
    { within: SETTLE_MS },
  );

const gather = async (system: OwnSystem, workload: Workload): Promise<Observation> => {
  const { sends, walks, readsAfterWrite } = workload;
  const log = await readLog(system.kafka, DEFAULT_TOPIC);
  const store = await readStore(system.mongoUri, {
    database: DEFAULT_DATABASE,
    collection: DEFAULT_COLLECTION,
    rejected: REJECTED_COLLECTION,
    members: system.run.mongo,
  });
  return { sends, walks, readsAfterWrite, ...log, ...store };
};
