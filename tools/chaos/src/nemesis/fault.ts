import type { OwnSystem } from '@wiber/testing';
import type { Random } from '../random.ts';
import type { PoisonProducer, Used } from '../tamper/poison.producer.ts';

export interface FaultContext {
  system: OwnSystem;
  random: Random;
  /** The broker that leads this partition of the messages now: kafka-1, … */
  leaderOf: (partition: number) => Promise<string>;
  /** The member that is primary now: mongo-1, … */
  primary: () => Promise<string>;
  poison: PoisonProducer;
  /** Any message that was acknowledged until now; undefined when none was. */
  someAcked: (random: Random) => Used | undefined;
  /** Where crash points are armed. */
  crashFolder: string;
}

/** What was really done, and to whom. */
export interface Injected {
  target: string;
  pid?: number;
  /** Undoes it. */
  heal: () => Promise<void>;
  /** What shows, once it is healed, that it was really done. */
  evidence?: () => string;
}

export interface Fault {
  name: string;
  /** How long it lasts, in milliseconds, from and to. */
  lastsMs: [number, number];
  inject: (context: FaultContext) => Promise<Injected>;
}

type Choose = (context: FaultContext) => Promise<string> | string;

const anyOf =
  (prefix: string): Choose =>
  ({ system, random }) =>
    random.pick([...system.pids.keys()].filter((name) => name.startsWith(prefix)));
const leader: Choose = ({ random, leaderOf }) => leaderOf(random.whole(0, 5));
const primary: Choose = (context) => context.primary();

const pidOf = ({ system }: FaultContext, name: string): number => system.pids.get(name) ?? -1;

interface Harm {
  verb: 'kill' | 'pause';
  heals: 'start' | 'resume';
  lastsMs: [number, number];
}

/** kill -9; the process stays away until it is healed. */
const KILL: Harm = { verb: 'kill', heals: 'start', lastsMs: [1000, 6000] };
/** SIGSTOP for longer than the elections: a process that is neither dead nor well, and believes on waking that no time passed. */
const PAUSE: Harm = { verb: 'pause', heals: 'resume', lastsMs: [15_000, 45_000] };

const faultOf = ({ verb, heals, lastsMs }: Harm, name: string, choose: Choose): Fault => ({
  name: `${verb}-${name}`,
  lastsMs,
  inject: async (context) => {
    const target = await choose(context);
    const pid = pidOf(context, target);
    await context.system.tell(verb, target);
    return { target, pid, heal: () => context.system.tell(heals, target) };
  },
});

const TARGETS: [string, Choose][] = [
  ['ingest', anyOf('ingest-')],
  ['gateway', anyOf('gateway-')],
  ['broker', anyOf('kafka-')],
  ['leader', leader],
  ['primary', primary],
];

export const PROCESS_FAULTS: readonly Fault[] = TARGETS.flatMap(([name, choose]) => [
  faultOf(KILL, name, choose),
  faultOf(PAUSE, name, choose),
]);
