import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const folderLine = (folder: string): string => `d${JSON.stringify(folder)}`;

/**
 * Starts the reaper and tells it, over a pipe, what to end and remove when this process is gone. A reaper that dies is
 * replaced, and the new one is told everything again.
 */
export class ReaperPipe {
  private readonly pids = new Set<number>();
  private readonly containers = new Set<string>();
  private readonly folders = new Set<string>();
  private reaper: ChildProcess;
  private closing = false;

  constructor() {
    this.reaper = this.start();
  }

  addProcess(pid: number): void {
    this.pids.add(pid);
    this.send(`+${pid}`);
  }

  removeProcess(pid: number): void {
    this.pids.delete(pid);
    this.send(`-${pid}`);
  }

  addContainer(name: string): void {
    this.containers.add(name);
    this.send(`c${name}`);
  }

  addFolder(folder: string): void {
    this.folders.add(folder);
    this.send(folderLine(folder));
  }

  /** Resolves when the reaper has ended and removed everything that is left. */
  async close(): Promise<void> {
    this.closing = true;
    const { reaper } = this;
    reaper.stdin!.end();
    if (reaper.exitCode !== null || reaper.signalCode !== null) return;
    await new Promise<void>((resolve) => reaper.once('exit', () => resolve()));
  }

  private start(): ChildProcess {
    const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
      // A group of its own: a Ctrl-C in the terminal must not end it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    reaper.stdin.on('error', () => undefined);
    reaper.once('exit', () => {
      if (this.closing) return;
      this.reaper = this.start();
      for (const pid of this.pids) this.send(`+${pid}`);
      for (const name of this.containers) this.send(`c${name}`);
      for (const folder of this.folders) this.send(folderLine(folder));
    });
    return reaper;
  }

  private send(line: string): void {
    this.reaper.stdin!.write(`${line}\n`);
  }
}
