import { readFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { findPeerLine, findRestartLine, joinIfAllFound } from './log.lines.ts';
import { aimAtProcess, anyProcess, currentPrimary, leaderOfAnyPartition, type ChooseTarget } from './target.choice.ts';

const pidOf = ({ system }: FaultContext, name: string): number => system.pids.get(name) ?? -1;

/** kill -9. The process stays down until the fault is healed. The log line of its next start is the evidence. */
const killFault = (name: string, choose: ChooseTarget): Fault => ({
  name: `kill-${name}`,
  durationMs: [1000, 6000],
  aim: aimAtProcess(choose),
  inject: async (context, { target }): Promise<InjectedFault> => {
    const pid = pidOf(context, target);
    await context.system.tell('kill', target);
    return {
      target,
      pid,
      heal: () => context.system.tell('launch', target),
      requireServing: () => context.health.serves(target),
      findEvidence: (span) => {
        const restart = findRestartLine(context, target, span);
        const peer = findPeerLine(context, target, span);
        return joinIfAllFound(peer === undefined ? [restart] : [peer, restart]);
      },
    };
  },
});

/** The process state, as in proc_pid_stat(5): it follows the name, which is in brackets. */
const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
};

/**
 * SIGSTOP for longer than an election takes. The process is not dead and does not answer. When it wakes, it believes that
 * no time has passed. It cannot log this itself: the evidence is its state in /proc, and a peer's line where there is one.
 */
const pauseFault = (name: string, choose: ChooseTarget): Fault => ({
  name: `pause-${name}`,
  durationMs: [15_000, 45_000],
  aim: aimAtProcess(choose),
  inject: async (context, { target }): Promise<InjectedFault> => {
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
      requireServing: () => context.health.serves(target),
      findEvidence: (span) => [stopped, findPeerLine(context, target, span)].filter(Boolean).join('\n'),
    };
  },
});

const requireStopped = (pid: number): void => {
  const state = stateOf(pid);
  if (state !== 'T') throw new Error(`process ${pid} is in state ${state} after SIGSTOP`);
};

const TARGETS: [string, ChooseTarget][] = [
  ['ingest', anyProcess('ingest')],
  ['gateway', anyProcess('gateway')],
  ['broker', anyProcess('kafka')],
  ['leader', leaderOfAnyPartition],
  ['primary', currentPrimary],
];

export const PROCESS_FAULTS: readonly Fault[] = TARGETS.flatMap(([name, choose]) => [
  killFault(name, choose),
  pauseFault(name, choose),
]);
