import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const running = new Set<ChildProcess>();
// Children that read stdin end with it; this kills the others.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a Node program of this repository. Its stdin closes when this process ends. */
export const startNode = (args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

/** The first line that a child prints. @throws Error when the child ends before it */
export const firstLineOf = (child: ChildProcess, what: string): Promise<string> =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${what} ended with code ${code} before it printed a line`)));
  });

export const endOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve));

/** Polls until the condition holds; rejects after `withinMs`. */
export const until = async (
  condition: () => Promise<boolean>,
  { what, withinMs = 60_000, everyMs = 50 }: { what: string; withinMs?: number; everyMs?: number },
): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, everyMs));
  }
};
