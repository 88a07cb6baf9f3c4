import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_TOPIC } from '@wiber/contracts';
import { OwnSystem, type StackOptions } from '@wiber/harness';
import type { ChaosOptions } from './chaos.options.ts';
import type { ClockMove } from './checker/clock.move.ts';
import type { Observation, Outage } from './checker/observation.ts';
import { observe } from './evidence/observe.ts';
import { whyUnsettled } from './evidence/settling.ts';
import { faultContext } from './fault.context.ts';
import { CRASH_POINTS } from './mutations/crash.mutation.ts';
import { makeHookFolder } from './mutations/hook.folder.ts';
import { mutationEnvironment } from './mutations/mutation.environment.ts';
import type { Fault } from './nemesis/fault.ts';
import type { FaultRecord } from './nemesis/fault.record.ts';
import { BrokerClocks } from './nemesis/kafka/broker.clocks.ts';
import { PoisonProducer } from './nemesis/kafka/poison.producer.ts';
import { runNemesis } from './nemesis/nemesis.ts';
import type { Progress } from './progress.ts';
import { serversOf } from './servers.of.ts';
import { subjectOf } from './subject.ts';
import { LEASE_TIMES, leaseEnvironment, workersOf } from './workers.ts';
import { LeaderWatch } from './workload/leader.watch.ts';
import { Recorder } from './workload/recorder.ts';
import { Workload } from './workload/workload.ts';

export interface ChaosRun {
  options: ChaosOptions;
  observation: Observation;
  faults: FaultRecord[];
}

/** What the system must be started with, so that each of the faults can be injected. */
const stackOptions = ({ faults, counts, secure }: ChaosOptions): StackOptions => {
  const needs = (what: Fault['needs']) => faults.some((fault) => fault.needs === what);
  const servers = serversOf(counts);
  return {
    secure,
    links: needs('links'),
    smallDisks: needs('disks') ? servers : [],
    settableClocks: needs('clocks') ? servers : [],
  };
};

/** When which gateway could not answer. */
const outagesOf = (faults: readonly FaultRecord[]): Outage[] =>
  faults
    .filter(({ takesDown }) => takesDown?.includes('gateway'))
    .map(({ target, from, to }) => ({ gateway: target, from, to }));

/** Starts a system, loads it, injects faults, lets it settle, and reads what it left behind. */
export const runChaos = async (options: ChaosOptions, progress: Progress): Promise<ChaosRun> => {
  const { seed, ratePerS, seconds, counts } = options;
  progress.showPhase('starting');
  const hookFolder = makeHookFolder();
  const env = { ...mutationEnvironment([CRASH_POINTS.name], hookFolder), ...leaseEnvironment(LEASE_TIMES) };
  const system = await OwnSystem.start(counts, { env, ...stackOptions(options) });
  const recorder = new Recorder(system.urlsOf('gateway'));
  const poison = new PoisonProducer(system.kafka, DEFAULT_TOPIC);
  const brokerClocks = new BrokerClocks(
    system.kafka,
    system.run.kafka.map(({ id }) => id),
  );
  const clockMoves: ClockMove[] = [];
  const watch = new LeaderWatch({ workers: workersOf(system), now: () => recorder.now });
  try {
    progress.follow(recorder);
    progress.showPhase('loading');
    const workload = new Workload(recorder, { seed, ratePerS, conversations: 40, readers: 4 });
    const running = workload.run();
    const { faults: kinds, mixed } = options;
    const faults = await runNemesis(
      { faults: kinds, seed: seed + 1, mixed, untilMs: seconds * 1000 },
      {
        context: faultContext({ system, recorder, poison, hookFolder, watch, brokerClocks, clockMoves }),
        now: () => recorder.now,
        pause: async (ms, signal) => pause(ms, undefined, { signal }),
        say: (line) => progress.say(line),
        showPhase: (name) => progress.showPhase(name),
      },
    );
    await pause(Math.max(0, seconds * 1000 - recorder.now));
    workload.stop();
    await running;
    progress.showPhase('settling');
    const unsettled = await whyUnsettled(subjectOf(system));
    progress.showPhase('reading');
    await watch.stop();
    const workers = { ttlMs: LEASE_TIMES.ttlMs, sightings: watch.sightings };
    const facts = {
      poison: poison.rows,
      foreign: poison.foreign,
      outages: outagesOf(faults),
      unsettled,
      workers,
      clockMoves,
    };
    return { options, faults, observation: await observe(subjectOf(system), recorder, facts) };
  } finally {
    await watch.stop();
    await poison.close();
    await brokerClocks.close();
    await recorder.close();
    await system.close();
  }
};
