import { readFileSync } from 'node:fs';

/** Clock ticks a second of /proc/PID/stat: sysconf(_SC_CLK_TCK), 100 on every Linux that Node supports. */
const TICKS_PER_S = 100;

/** Processor seconds, user and system, that a process has used so far: proc_pid_stat(5), fields 14 and 15. */
export const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
};

/** The same of several processes, by name. */
export const cpuSecondsOfAll = (pids: ReadonlyMap<string, number>): Map<string, number> =>
  new Map([...pids].map(([name, pid]) => [name, cpuSecondsOf(pid)]));

/** Resident memory in MiB. */
export const residentMiBOf = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1024;
};
