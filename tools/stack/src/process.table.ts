import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks since boot (proc_pid_stat(5), field 22); undefined when there is none or it is a zombie. */
export const startTimeOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
};
