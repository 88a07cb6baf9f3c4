import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What ends the processes and folders of a start that is given up, or whose own process is killed. */
export interface Lifeline {
  signal: AbortSignal;
  adopt(pid: number): void;
  release(pid: number): void;
  removeAtEnd(folder: string): void;
}

export interface ChildResult {
  ok: boolean;
  /** The last of what it said, on either stream. */
  output: string;
}

const KEPT = 20_000;
const GRACE_MS = 1500;

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** Whether a program of this name is on PATH. */
export const has = (command: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder || '.', command)));

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // It went by itself.
  }
};

/**
 * Runs a program to its end, in a group of its own so that what it started goes with it. When the lifeline is cut it is
 * ended, and this rejects with the signal's reason once it is gone.
 */
export const runChild = async (
  command: string[],
  lifeline: Lifeline,
  env: Record<string, string> = {},
): Promise<ChildResult> => {
  const { signal } = lifeline;
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { pid } = child;
  if (pid) lifeline.adopt(pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT)));
  let hard: NodeJS.Timeout | undefined;
  const end = () => {
    if (!pid) return;
    killGroup(pid, 'SIGTERM');
    hard = setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      output += error.message;
      resolve(null);
    });
  });
  clearTimeout(hard);
  signal.removeEventListener('abort', end);
  if (pid) lifeline.release(pid);
  signal.throwIfAborted();
  return { ok: code === 0, output: output.trim() };
};

/** A lifeline that nothing cuts, for what is asked in passing. */
export const unbound = (): Lifeline => ({
  signal: new AbortController().signal,
  adopt: () => undefined,
  release: () => undefined,
  removeAtEnd: () => undefined,
});
