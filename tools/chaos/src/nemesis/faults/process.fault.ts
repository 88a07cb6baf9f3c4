import { readFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import { LEASE_TIMES } from '../../workers.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { findPeerLine, findRestartLine, joinIfAllFound } from './log.lines.ts';
import {
  aimAtProcess,
  anyProcess,
  currentPrimary,
  leaderOfAnyPartition,
  metricsContender,
  metricsLeader,
  type ChooseTarget,
} from './target.choice.ts';

interface Victim {
  name: string;
  choose: ChooseTarget;
  minimum?: Fault['minimum'];
  /** From shortest to longest, in milliseconds. */
  pauseMs: Fault['durationMs'];
}

/** Longer than an election of Kafka or MongoDB takes. */
const PAST_ELECTION_MS: Fault['durationMs'] = [15_000, 45_000];
/** Longer than a lease of the workers lasts. */
const PAST_LEASE_MS: Fault['durationMs'] = [2 * LEASE_TIMES.ttlMs, 12_000];

const pidOf = ({ system }: FaultContext, name: string): number => system.pids.get(name) ?? -1;

/** kill -9. The process stays down until the fault is healed. The log line of its next start is the evidence. */
const killFault = ({ name, choose, minimum = {} }: Victim): Fault => ({
  name: `kill-${name}`,
  durationMs: [1000, 6000],
  minimum,
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
 * SIGSTOP for longer than others wait for the process. It is not dead and does not answer. When it wakes, it believes that
 * no time has passed. It cannot log this itself: the evidence is its state in /proc, and a peer's line where there is one.
 */
const pauseFault = ({ name, choose, minimum = {}, pauseMs }: Victim): Fault => ({
  name: `pause-${name}`,
  durationMs: pauseMs,
  minimum,
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

const SERVERS_AND_APPS: [string, ChooseTarget][] = [
  ['ingest', anyProcess('ingest')],
  ['gateway', anyProcess('gateway')],
  ['broker', anyProcess('kafka')],
  ['leader', leaderOfAnyPartition],
  ['primary', currentPrimary],
];
const VICTIMS: Victim[] = [
  ...SERVERS_AND_APPS.map(([name, choose]) => ({ name, choose, pauseMs: PAST_ELECTION_MS })),
  { name: 'metrics-leader', choose: metricsLeader, pauseMs: PAST_LEASE_MS },
  { name: 'metrics-contender', choose: metricsContender, minimum: { metrics: 2 }, pauseMs: PAST_LEASE_MS },
];

export const PROCESS_FAULTS: readonly Fault[] = VICTIMS.flatMap((victim) => [killFault(victim), pauseFault(victim)]);
