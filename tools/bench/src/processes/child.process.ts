import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const running = new Set<ChildProcess>();
// Whatever ends this process, its children end: those that read stdin by its end, the others by this.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts a Node program of this repository whose stdin ends with this process. */
export const startNode = (args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

/** The first line a child prints. @throws Error when it ends before */
export const firstLineOf = (child: ChildProcess, what: string): Promise<string> =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${what} ended with code ${code} before it said anything`)));
  });

export const endOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', resolve));

/** Tries until the condition holds; rejects past `withinMs`. */
export const until = async (
  condition: () => Promise<boolean>,
  { what, withinMs = 60_000, everyMs = 50 }: { what: string; withinMs?: number; everyMs?: number },
): Promise<void> => {
  const late = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > late) throw new Error(`it did not come to be within ${withinMs / 1000} s that ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, everyMs));
  }
};
