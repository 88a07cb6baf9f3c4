// What proc_pid_stat(5) says of a process.
import { readFileSync } from 'node:fs';

/** The fields from the third on. The second field, a name in brackets, may contain spaces and brackets. */
const statOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** 0 when there is no such process. */
export const parentOf = (pid) => {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return 0;
  }
};

/** @throws when there is no such process */
export const sessionOf = (pid) => Number(statOf(pid)[3]);

/** When a process started, in clock ticks since boot. Undefined when there is no such process, or only a zombie. */
export const startTimeOf = (pid) => {
  try {
    const fields = statOf(pid);
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
};
