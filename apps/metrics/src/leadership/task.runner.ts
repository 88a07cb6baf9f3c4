import { delay, type Lead, type MonotonicClock } from '@wiber/resilience';
import type { LeaderTask } from './leader.task.ts';

export interface TaskEvents {
  done: (task: string, ms: number) => void;
  failed: (task: string, ms: number, error: unknown) => void;
  /** These tasks go on although the lead is over. While they do, this process cannot lead again. Called again and again. */
  lingering: (tasks: string[]) => void;
}

export interface RunnerPorts {
  tasks: readonly LeaderTask[];
  now: MonotonicClock;
  events: TaskEvents;
}

/** A task that fails at once is not run at once again. In milliseconds. */
const PAUSE_AFTER_FAILURE_MS = 1000;
const LINGERING_MS = 10_000;

/** Runs the tasks beside each other, each with its own period, until the lead is over. Resolves when the last run has ended. */
export const runTasks = async (lead: Lead, { tasks, now, events }: RunnerPorts): Promise<void> => {
  const running = new Set(tasks.map(({ name }) => name));
  let timer: NodeJS.Timeout | undefined;
  const watch = () => (timer = setInterval(() => events.lingering([...running]), LINGERING_MS));
  lead.signal.addEventListener('abort', watch, { once: true });
  const repeat = async (task: LeaderTask) => {
    while (!lead.signal.aborted && lead.isValid()) {
      const begun = now();
      const leastMs = await runOnce(task, lead, { now, events });
      await delay(Math.max(leastMs, task.periodMs - (now() - begun)), lead.signal);
    }
    running.delete(task.name);
  };
  await Promise.all(tasks.map(repeat));
  lead.signal.removeEventListener('abort', watch);
  clearInterval(timer);
};

/** Resolves to how long the next run has to wait at least. */
const runOnce = async (task: LeaderTask, lead: Lead, { now, events }: Omit<RunnerPorts, 'tasks'>): Promise<number> => {
  const begun = now();
  try {
    await task.run(lead);
    events.done(task.name, now() - begun);
    return 0;
  } catch (error) {
    events.failed(task.name, now() - begun, error);
    return PAUSE_AFTER_FAILURE_MS;
  }
};
