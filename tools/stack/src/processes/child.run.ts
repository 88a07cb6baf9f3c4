import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { endOf } from './process.end.ts';
import type { Lifeline } from './lifeline.ts';

export interface ChildResult {
  ok: boolean;
  /** The last 20,000 characters of stdout and stderr together. Of a program that failed without a word, how it ended. */
  output: string;
}

/** Variables that are added to the environment, or removed from it when undefined. */
export type EnvironmentChange = Readonly<Record<string, string | undefined>>;

const OUTPUT_MAX = 20_000;
const TERM_TO_KILL_MS = 1500;

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** Whether a program of this name is on PATH. */
export const isOnPath = (command: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder || '.', command)));

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has already ended.
  }
};

export interface ChildOptions {
  env?: EnvironmentChange;
  cwd?: string;
}

/**
 * Runs a program until it ends. It has its own process group, so that its children can be ended with it. When the
 * lifeline aborts, the group is ended; then this rejects with the signal's reason.
 */
export const runChild = async (
  command: string[],
  lifeline: Lifeline,
  { env = {}, cwd }: ChildOptions = {},
): Promise<ChildResult> => {
  const { signal } = lifeline;
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid) lifeline.adopt(pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_MAX)));
  let killTimer: NodeJS.Timeout | undefined;
  const end = () => {
    if (!pid) return;
    killGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(pid, 'SIGKILL'), TERM_TO_KILL_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  const { code, how } = await new Promise<{ code: number | null; how: string }>((resolve) => {
    child.once('close', (exitCode, by) => resolve({ code: exitCode, how: endOf(exitCode, by) }));
    child.once('error', ({ message }) => resolve({ code: null, how: message }));
  });
  clearTimeout(killTimer);
  signal.removeEventListener('abort', end);
  if (pid) lifeline.release(pid);
  signal.throwIfAborted();
  const ok = code === 0;
  return { ok, output: output.trim() || (ok ? '' : how) };
};
