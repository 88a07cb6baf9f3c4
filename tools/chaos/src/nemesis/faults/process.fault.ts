import { readFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import { linesOf, peersLine, restartLine } from './log.lines.ts';
import { anyOf, leader, primary, type Choose, type Fault, type FaultContext, type Injected } from '../fault.ts';
import { slotOf } from '../fault.admission.ts';

const aimAt = (choose: Choose) => async (context: FaultContext) => {
  const target = await choose(context);
  return { target, touches: [target], takes: [slotOf(target)] };
};

const pidOf = ({ system }: FaultContext, name: string): number => system.pids.get(name) ?? -1;

/** kill -9; the process stays away until it is healed. Its own log shows its next start. */
const killOf = (name: string, choose: Choose): Fault => ({
  name: `kill-${name}`,
  lastsMs: [1000, 6000],
  aim: aimAt(choose),
  inject: async (context, { target }): Promise<Injected> => {
    const pid = pidOf(context, target);
    await context.system.tell('kill', target);
    return {
      target,
      pid,
      heal: () => context.system.tell('launch', target),
      back: () => context.health.serves(target),
      evidence: (span) => {
        const restart = restartLine(context, target, span);
        const seen = peersLine(context, target, span);
        return linesOf(seen === undefined ? [restart] : [seen, restart]);
      },
    };
  },
});

/** The state in proc_pid_stat(5), after the name in brackets. */
const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
};

/**
 * SIGSTOP for longer than the elections: a process that is neither dead nor well, and believes on waking that no time
 * passed. It can't write of it: the kernel's word for it and, where peers notice, theirs show it.
 */
const pauseOf = (name: string, choose: Choose): Fault => ({
  name: `pause-${name}`,
  lastsMs: [15_000, 45_000],
  aim: aimAt(choose),
  inject: async (context, { target }): Promise<Injected> => {
    const pid = pidOf(context, target);
    await context.system.tell('pause', target);
    const heal = () => context.system.tell('resume', target);
    try {
      await eventually(() => requireStopped(pid));
    } catch (error) {
      await heal();
      throw error;
    }
    const stopped = `/proc/${pid}/stat: state T, stopped`;
    return {
      target,
      pid,
      heal,
      back: () => context.health.serves(target),
      evidence: (span) => [stopped, peersLine(context, target, span)].filter(Boolean).join('\n'),
    };
  },
});

const requireStopped = (pid: number): void => {
  const state = stateOf(pid);
  if (state !== 'T') throw new Error(`process ${pid} is in state ${state} after SIGSTOP`);
};

const TARGETS: [string, Choose][] = [
  ['ingest', anyOf('ingest')],
  ['gateway', anyOf('gateway')],
  ['broker', anyOf('kafka')],
  ['leader', leader],
  ['primary', primary],
];

export const PROCESS_FAULTS: readonly Fault[] = TARGETS.flatMap(([name, choose]) => [
  killOf(name, choose),
  pauseOf(name, choose),
]);
