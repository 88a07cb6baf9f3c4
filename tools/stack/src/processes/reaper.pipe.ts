import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { restartDelayMs } from './restart.policy.ts';

const REAPER = [process.execPath, join(import.meta.dirname, 'reaper.ts')];
/** A reaper that was up for this long has not failed at its start. */
const STABLE_MS = 5000;

const folderLine = (folder: string): string => `d${JSON.stringify(folder)}`;

/**
 * Starts the reaper and tells it, over a pipe, what to end and remove when this process is gone. A reaper that dies is
 * replaced, and the new one is told everything again. One that can't be started, for example because somebody removes
 * node_modules, ends nothing: one line says so, and it is tried again until it runs.
 */
export class ReaperPipe {
  private readonly program: readonly string[];
  private readonly pids = new Set<number>();
  private readonly containers = new Set<string>();
  private readonly folders = new Set<string>();
  /** Undefined while no reaper runs. */
  private reaper: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Starts in a row that failed. */
  private failures = 0;
  private closing = false;

  /** `program` is the command of the reaper. */
  constructor(program: readonly string[] = REAPER) {
    this.program = program;
    this.start();
  }

  get isRunning(): boolean {
    return this.reaper?.pid !== undefined;
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
    clearTimeout(this.timer);
    if (!this.reaper) this.start();
    const { reaper } = this;
    if (!reaper) return;
    const ended = new Promise<void>((resolve) => {
      reaper.once('exit', () => resolve());
      reaper.once('error', () => resolve());
    });
    reaper.stdin?.end();
    await ended;
  }

  private start(): void {
    const startedAt = performance.now();
    try {
      this.reaper = this.launch();
    } catch (error) {
      return this.fail(error as Error);
    }
    this.reaper.once('exit', () => this.replace(performance.now() - startedAt));
    this.reaper.once('error', (error) => this.fail(error));
    for (const pid of this.pids) this.send(`+${pid}`);
    for (const name of this.containers) this.send(`c${name}`);
    for (const folder of this.folders) this.send(folderLine(folder));
  }

  private launch(): ChildProcess {
    const [command = '', ...args] = this.program;
    const reaper: ChildProcess = spawn(command, args, {
      // A group of its own: a Ctrl-C in the terminal must not end it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // There is no pipe when this process has too many open files.
    reaper.stdin?.on('error', () => undefined);
    return reaper;
  }

  private fail(error: Error): void {
    if (this.failures === 0 || this.closing) this.sayMissing(error);
    this.replace(0);
  }

  private replace(livedMs: number): void {
    this.reaper = undefined;
    if (this.closing) return;
    this.failures = livedMs > STABLE_MS ? 0 : this.failures + 1;
    if (this.failures === 0) return this.start();
    this.timer = setTimeout(() => this.start(), restartDelayMs(this.failures));
  }

  private sayMissing({ message }: Error): void {
    const left = [...this.folders, ...this.containers];
    if (this.closing && left.length === 0) return;
    const then = this.closing
      ? `nobody removes ${left.join(', ')}`
      : 'it is tried again; until it runs, a kill -9 of this process leaves its processes behind';
    process.stderr.write(`wiber: reaper_missing: the reaper can't be started (${message}); ${then}\n`);
  }

  private send(line: string): void {
    this.reaper?.stdin?.write(`${line}\n`);
  }
}
