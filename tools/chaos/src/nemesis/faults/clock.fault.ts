import { ClockRemote } from '../../mutations/clock.remote.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { processesNamed } from './target.choice.ts';

const HOUR_MS = 3_600_000;

/**
 * The wall clock of one app jumps an hour forward or back, and later jumps back. Message times may be off by it. Nothing
 * else may: deadlines are monotonic, and the order of a conversation is that of the log.
 */
export const CLOCK_FAULT: Fault = {
  name: 'clock-jump',
  durationMs: [6000, 15_000],
  aim: (context) => {
    const apps = ['gateway', 'ingest', 'metrics'].flatMap((app) => processesNamed(context, app));
    const target = context.random.pick(apps);
    return { target, touches: [target], takesDown: [] };
  },
  inject: async ({ hookFolder, random, system }: FaultContext, { target }): Promise<InjectedFault> => {
    const clock = new ClockRemote(hookFolder, target);
    const offsetMs = random.chance(0.5) ? HOUR_MS : -HOUR_MS;
    const pid = system.pids.get(target) ?? -1;
    try {
      const { shows } = await clock.jump(offsetMs);
      const machine = new Date().toISOString();
      return {
        target: `${target} by ${offsetMs > 0 ? '+' : '-'}1 h`,
        pid,
        heal: () => clock.jumpBack(),
        findEvidence: () => `${target} wrote that its clock shows ${shows}; the machine's shows ${machine}`,
      };
    } catch (error) {
      await clock.jumpBack().catch(() => undefined);
      throw error;
    }
  },
};
