// Finds out whether this process was started by nohup(1). Node gives SIGHUP its default action back when it starts, so that
// neither npm nor this process can see that nohup had it ignored. Three other signs remain, each of which is enough.
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { parentOf, sessionOf } from './process.table.mjs';

/** In the octal flags of proc_pid_fdinfo(5), the last two bits are the access mode; 1 is O_WRONLY. */
const isOpenForWritingOnly = (flags) => (Number.parseInt(flags, 8) & 3) === 1;

/** nohup replaces a terminal on stdin by /dev/null, opened for writing only, so that a read fails. */
const hasInputOfNohup = () =>
  readlinkSync('/proc/self/fd/0') === '/dev/null' &&
  isOpenForWritingOnly(/^flags:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1]);

/** A shell writes the path of the program that it starts into the variable `_`. */
const wasStartedAsNohup = (pid) =>
  readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .some((entry) => entry.startsWith('_=') && basename(entry) === 'nohup');

/** SIGHUP is signal 1. A shell keeps it ignored when it was ignored at its start. */
const ignoresHangup = (pid) => {
  const mask = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number.parseInt(mask?.slice(-1) ?? '0', 16) & 1) === 1;
};

/** This process and those above it in its session: the shell of npm, npm, and the shell or script that started npm. */
const lineage = () => {
  const pids = [];
  for (let pid = process.pid; pid > 0 && sessionOf(pid) === sessionOf(process.pid); pid = parentOf(pid)) pids.push(pid);
  return pids;
};

const attempt = (look) => {
  try {
    return look();
  } catch {
    // The process has ended, belongs to another user, or there is no /proc.
    return false;
  }
};

export const isUnderNohup = () => {
  if (attempt(hasInputOfNohup)) return true;
  const pids = attempt(lineage) || [];
  // npm, its shell and this process: further up, `_` names an earlier program.
  return (
    pids.slice(0, 3).some((pid) => attempt(() => wasStartedAsNohup(pid))) ||
    pids.some((pid) => attempt(() => ignoresHangup(pid)))
  );
};
