import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ImagesError } from '../images.errors.ts';

export interface RunOptions {
  /** In milliseconds; after that the command and its children are killed. */
  within: number;
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Takes each line of the output as it comes, for instance to show that a long command goes on. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  code: number | null;
  /** The last 100,000 characters of stdout, and of stdout and stderr together. */
  stdout: string;
  output: string;
}

const OUTPUT_MAX = 100_000;

/** Whether a program of this name is on PATH. */
export const isOnPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const killGroup = (pid: number | undefined): void => {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
};

/** Runs a command to its end, whatever its exit code. @throws ImagesError when it can't be started or takes too long */
export const tryCommand = async (command: readonly string[], options: RunOptions): Promise<CommandResult> => {
  const { within, env = {}, cwd, onLine } = options;
  const [program = '', ...args] = command;
  // A group of its own: its children are ended with it.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const result: CommandResult = { code: null, stdout: '', output: '' };
  const take = (chunk: Buffer) => {
    result.output = (result.output + chunk.toString()).slice(-OUTPUT_MAX);
    for (const line of chunk.toString().split('\n')) if (line.trim() !== '') onLine?.(line);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    result.stdout = (result.stdout + chunk.toString()).slice(-OUTPUT_MAX);
    take(chunk);
  });
  child.stderr.on('data', take);
  const endWithParent = () => killGroup(child.pid);
  process.once('exit', endWithParent);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killGroup(child.pid);
  }, within);
  try {
    result.code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
  } catch (cause) {
    throw new ImagesError(`${program} can't be started: ${(cause as Error).message}`, { cause });
  } finally {
    clearTimeout(timer);
    process.off('exit', endWithParent);
  }
  if (isLate)
    throw new ImagesError(`${command.join(' ')} took longer than ${within / 1000} s:\n${endOf(result.output)}`);
  return result;
};

const endOf = (output: string): string => output.trim().split('\n').slice(-25).join('\n');

/** Resolves to stdout. @throws ImagesError with the end of its output when the command fails */
export const runCommand = async (command: readonly string[], options: RunOptions): Promise<string> => {
  const { code, stdout, output } = await tryCommand(command, options);
  if (code !== 0) throw new ImagesError(`${command.join(' ')} ended with code ${code}:\n${endOf(output)}`);
  return stdout.trim();
};
