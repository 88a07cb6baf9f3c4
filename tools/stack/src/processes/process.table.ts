import { readFileSync } from 'node:fs';

/** The fields of proc_pid_stat(5) from the third on. The second field, a name in brackets, may contain spaces and brackets. */
const fieldsOf = (pid: number): string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
};

/** When a process started, in clock ticks since boot. Undefined when there is no such process, or only a zombie. */
export const startTimeOf = (pid: number): string | undefined => {
  const fields = fieldsOf(pid);
  return fields[0] === 'Z' ? undefined : fields[19];
};

/** 0 when there is no such process. */
export const parentOf = (pid: number): number => Number(fieldsOf(pid)[1] ?? 0);

/** The parent and its parent. The text changes when one of them has died. */
export const ancestors = (): string => `${process.ppid} ${parentOf(process.ppid)}`;
