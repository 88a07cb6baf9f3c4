import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FILE = 'open-handles.json';
const WAIT_MS = 5_000;
const LOOK_MS = 100;

/** A handle of libuv, as a diagnostic report of Node lists it (https://nodejs.org/api/report.html). */
interface Handle {
  type: string;
  is_active: boolean;
  is_referenced?: boolean;
  pid?: number;
  firesInMsFromNow?: number;
  localEndpoint?: { port: number } | null;
  remoteEndpoint?: { host: string; port: number } | null;
}

/** The flags with which a Node process can be asked for `openHandles`. Without network: no name is looked up for it. */
export const reportFlags = (folder: string): string[] => [
  '--report-on-signal',
  '--report-signal=SIGUSR2',
  `--report-directory=${folder}`,
  `--report-filename=${FILE}`,
  '--report-exclude-network',
  '--report-exclude-env',
];

const describe = ({ type, pid, firesInMsFromNow, localEndpoint, remoteEndpoint }: Handle): string => {
  if (type === 'process') return `child process ${pid}`;
  if (type === 'timer') return `timers, the next in ${firesInMsFromNow} ms`;
  if (remoteEndpoint) return `${type} connection to ${remoteEndpoint.host}:${remoteEndpoint.port}`;
  if (localEndpoint) return `${type} port ${localEndpoint.port}`;
  return type;
};

const readHandles = (file: string): Handle[] | undefined => {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { libuv: Handle[] }).libuv;
  } catch {
    // Not there yet, or only half of it.
    return undefined;
  }
};

/** What keeps a process alive that was started with `reportFlags(folder)`. Empty when it gives no report within 5 s. */
export const openHandles = async (child: ChildProcess, folder: string): Promise<string[]> => {
  child.kill('SIGUSR2');
  const end = performance.now() + WAIT_MS;
  let handles: Handle[] | undefined;
  while (!(handles = readHandles(join(folder, FILE))) && performance.now() < end) await delay(LOOK_MS);
  const holding = (handles ?? []).filter((handle) => handle.is_active && handle.is_referenced);
  return holding.map(describe);
};
