import { eventually } from '@wiber/harness';
import { ClockRemote } from '../clocks/clock.remote.ts';
import { drawCourse, type CourseKind } from '../clocks/clock.course.ts';
import { describeReading, wrongByOf, type ClockReading } from '../clocks/clock.reading.ts';
import { MovingClock } from '../clocks/moving.clock.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import {
  aimAtProcess,
  anyProcess,
  currentPrimary,
  leaderOfAnyPartition,
  processesNamed,
  type ChooseTarget,
} from './target.choice.ts';

const DURATION_MS: Fault['durationMs'] = [5000, 12_000];
/** How often a moved clock is read until it shows the fault. */
const LOOK_MS = 300;

interface ClockAccess {
  set: (offsetMs: number) => Promise<void> | void;
  /** Called once the clock is set right, with by how much it was set back at most, at once. */
  whenRight: (setBackByMs: number) => Promise<unknown>;
  /** Rejects when the process does not tell its time now. */
  read: () => Promise<ClockReading>;
}

/** Moves the clock, and reads it until it proves that. */
const moveClock = (
  { random, system, clockMoves: moves, health }: FaultContext,
  { target, kind, access }: { target: string; kind: CourseKind; access: ClockAccess },
): InjectedFault => {
  const course = drawCourse(kind, random);
  const clock = new MovingClock({ process: target, course, set: access.set, moves });
  let evidence: string | undefined;
  let isHealed = false;
  const looking = (async () => {
    while (evidence === undefined && !isHealed) {
      const reading = await access.read().catch(() => undefined);
      if (reading && wrongByOf(reading) >= course.provenMs) evidence = describeReading(target, reading);
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  return {
    target: `${target} ${course.text}`,
    pid: system.pids.get(target) ?? -1,
    heal: async () => {
      isHealed = true;
      await clock.setRight();
      await access.whenRight(clock.setBackByMs);
      await looking;
    },
    requireServing: () => health.serves(target),
    findEvidence: () => evidence,
  };
};

/** The wall clock of an app. Only times that are shown may be off by it: deadlines are monotonic, and the log has the order. */
const appClockFault = (name: string, kinds: readonly CourseKind[]): Fault => ({
  name,
  durationMs: DURATION_MS,
  aim: (context) => {
    const apps = ['gateway', 'ingest', 'metrics'].flatMap((app) => processesNamed(context, app));
    const target = context.random.pick(apps);
    return { target, touches: [target], takesDown: [] };
  },
  inject: async (context, { target }) => {
    const remote = new ClockRemote(context.hookFolder, target);
    const access = {
      set: (offsetMs: number) => remote.set(offsetMs),
      whenRight: () => remote.jumpBack(),
      read: async () => remote.lastReading(),
    };
    return moveClock(context, { target, kind: context.random.pick(kinds), access });
  },
});

/** A server whose clock was set back may stand still for as long. Less than this is a short pause. */
const STUCK_MS = 10_000;

/**
 * Both servers wait inside until times of their wall clock, which may be an hour away after the clock was set back by one. A
 * mongod sends no heartbeats, or shows secondaries no new entries of its oplog. A controller of Kafka is no candidate and lets
 * none win; a broker does not connect to the controller, and is fenced (docs/decisions/0022). An operator must restart the
 * server, and so does this.
 */
const restartIfStuck = async ({ system }: FaultContext, target: string, setBackByMs: number): Promise<void> => {
  if (setBackByMs < STUCK_MS) return;
  await system.tell('kill', target);
  await system.tell('launch', target);
};

/** Less than a fault must show. */
const RIGHT_MS = 50;
/** A server that does not answer in this time is waited for afterwards, until it serves. */
const RIGHT_WITHIN_MS = 10_000;

/** The next fault of this server must not take what is left of this one for its own. */
const whenRightAgain = (context: FaultContext, target: string): Promise<void> =>
  eventually(
    async () => {
      const wrongBy = wrongByOf(await context.readClock(target));
      if (wrongBy > RIGHT_MS) throw new Error(`the clock of ${target} is wrong by ${wrongBy} ms`);
    },
    { within: RIGHT_WITHIN_MS },
  ).catch(() => undefined);

const serverClockFault = (kind: CourseKind, name: string, choose: ChooseTarget): Fault => ({
  name: `clock-${kind}-${name}`,
  durationMs: DURATION_MS,
  needs: 'clocks',
  aim: aimAtProcess(choose),
  inject: async (context, { target }) => {
    const access = {
      set: (offsetMs: number) => context.system.setClock(target, offsetMs),
      whenRight: async (setBackByMs: number) => {
        await restartIfStuck(context, target, setBackByMs);
        await whenRightAgain(context, target);
      },
      read: () => context.readClock(target),
    };
    return moveClock(context, { target, kind, access });
  },
});

/** The primary decides more than the others do, so it is hit more often than by chance. */
const anyMember: ChooseTarget = (context) =>
  context.random.chance(0.5) ? currentPrimary(context) : anyProcess('mongo')(context);

const KINDS: readonly CourseKind[] = ['ahead', 'behind', 'drift', 'swing'];

/** `clock-jump` is an hour ahead or behind. */
export const CLOCK_FAULTS: readonly Fault[] = [
  appClockFault('clock-jump', ['ahead', 'behind']),
  appClockFault('clock-drift', ['drift']),
  appClockFault('clock-swing', ['swing']),
  ...KINDS.map((kind) => serverClockFault(kind, 'broker', leaderOfAnyPartition)),
  ...KINDS.map((kind) => serverClockFault(kind, 'mongod', anyMember)),
];
