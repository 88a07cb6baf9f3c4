import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Its stdin closes when this process ends, also by kill -9: then the child is killed and the paths are removed, a second time
 * after two seconds for what a child that ends by itself still writes. After a line on stdin the paths are removed, and again only
 * where that failed.
 */
const SCRIPT = `trap '' INT TERM HUP
  read -r ended || { [ -z "$0" ] || kill -9 "$0"; }
  rm -rf "$@" && [ -n "$ended" ] || { sleep 2; rm -rf "$@"; }`;

export interface Guarded {
  /** Killed at the end of this process. Absent where the child ends by itself then. */
  child?: ChildProcess;
  /** Removed at the end of this process, or at `close`. */
  paths: readonly string[];
}

/** Ends a child and removes what it leaves behind, even when this process is killed. */
export class ProcessGuard {
  private readonly shell: ChildProcess;

  constructor({ child, paths }: Guarded) {
    const args = ['-c', SCRIPT, String(child?.pid ?? ''), ...paths];
    this.shell = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    this.shell.stdin!.on('error', () => undefined);
    // Its pid may be that of another process later on.
    child?.once('exit', () => this.tellEnded());
  }

  /** Kills nothing any more. Resolves once the paths are removed. */
  async close(): Promise<void> {
    if (this.shell.exitCode !== null) return;
    const ended = once(this.shell, 'exit');
    this.tellEnded();
    await ended;
  }

  private tellEnded(): void {
    this.shell.stdin!.end('ended\n');
  }
}

/** Ends a child that still runs, and resolves once it has ended. */
export const endChild = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};
