import { HostileClients } from '@wiber/harness';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { usersOf } from '../../workload/workload.ts';
import { aimAtProcess, anyProcess } from './target.choice.ts';

/** A few cores serve all processes of a run, so the attack must leave something for the sends that are checked. */
const PLAN = { marks: 10, fields: 10, waits: 4000, counts: 2000, halfOpen: 40, deaf: 10 };

/**
 * Clients that mean harm, at one gateway. The workload's own sends go on, and the gateway's liveness is probed. What the
 * clients send is refused or only read, so no record of theirs may be in the log.
 */
export const HOSTILE_FAULT: Fault = {
  name: 'hostile-clients',
  durationMs: [10_000, 25_000],
  aim: async (context) => ({ ...(await aimAtProcess(anyProcess('gateway'))(context)), takesDown: [] }),
  inject: async ({ recorder, random, system }: FaultContext, { target }): Promise<InjectedFault> => {
    const probe = recorder.probeLiveness(target);
    const clients = new HostileClients(recorder.urlOf(target), PLAN, {
      whole: (from, to) => random.whole(from, to),
      conversation: () => usersOf(random.whole(0, 39)),
    });
    return {
      target,
      pid: system.pids.get(target) ?? -1,
      heal: async () => {
        await clients.stop();
        await probe.stop();
      },
      findEvidence: () => clients.counts.summary(),
    };
  },
};
