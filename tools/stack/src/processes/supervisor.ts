import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { FullDiskError, fullDiskAt } from '../full.disk.ts';
import { NotReadyError, StackError } from '../stack.errors.ts';
import type { Lifeline } from './lifeline.ts';
import type { EnvironmentChange } from './child.run.ts';
import { LogFiles } from './log.files.ts';
import { endOf } from './process.end.ts';
import { ReaperPipe } from './reaper.pipe.ts';
import { EXITS_UNTIL_FAILURE, failuresAfter, restartDelayMs } from './restart.policy.ts';

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env?: EnvironmentChange;
  cwd?: string;
  /** Where it keeps its data, if it has any. */
  folder?: string;
  /** The container's name, when the process is a Docker client in the foreground. */
  container?: string;
  /** How long it may take to end after SIGTERM, in milliseconds, before it is killed; 15,000 by default. */
  stopWithinMs?: number;
  /** Called with its pid each time it has ended. */
  onEnded?: (pid: number) => void;
}

interface Running {
  spec: ProcessSpec;
  child: ChildProcess;
  /** Ended on request: not started again before `restart`. */
  held: boolean;
  /** Exits in a row. */
  failures: number;
  exited: Promise<void>;
}

const STOP_WITHIN_MS = 15_000;
/** The Docker client does not pass these signals on to its container. */
const DOCKER_VERBS: Partial<Record<NodeJS.Signals, string[]>> = {
  SIGKILL: ['rm', '-f'],
  SIGSTOP: ['pause'],
  SIGCONT: ['unpause'],
};

/**
 * Runs processes and starts each one again that ends by itself. Each has its own process group, so that a Ctrl-C does not
 * end all of them at once. The reaper ends them when this process is killed.
 */
export class Supervisor {
  private readonly logs: LogFiles;
  private readonly onChange: () => void;
  private readonly running = new Map<string, Running>();
  private readonly crashWatchers = new Set<{ names: string[]; reject: (error: Error) => void }>();
  private readonly aborter = new AbortController();
  private readonly reaper = new ReaperPipe();

  /** `onChange` is called after each start of a process: its pid is new. */
  constructor(logFolder: string, onChange: () => void = () => undefined) {
    this.logs = new LogFiles(logFolder);
    this.onChange = onChange;
  }

  get lifeline(): Lifeline {
    return {
      signal: this.aborter.signal,
      adopt: (pid) => this.reaper.addProcess(pid),
      release: (pid) => this.reaper.removeProcess(pid),
      removeAtEnd: (folder) => this.removeAtEnd(folder),
    };
  }

  /** Removes the folder when this process ends, also when it is killed. */
  removeAtEnd(folder: string): void {
    this.reaper.addFolder(folder);
  }

  /** Aborts what runs on the lifeline. No process is started any more. */
  abort(): void {
    this.aborter.abort(new StackError('stopped before it was up'));
  }

  /**
   * Waits for `up`; rejects with the last lines of the log when one of these processes keeps ending, and at once when one
   * ends on a full disk. A wait that takes too long names the disk, too.
   */
  async awaitUp<T>(names: string[], up: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const watcher = { names, reject };
    this.crashWatchers.add(watcher);
    try {
      return await Promise.race([up, promise]);
    } catch (error) {
      const disk = error instanceof NotReadyError ? this.fullDiskOf(names) : undefined;
      throw disk ? new FullDiskError(`${disk}; ${(error as Error).message}`) : error;
    } finally {
      this.crashWatchers.delete(watcher);
    }
  }

  start(spec: ProcessSpec, failures = 0): number {
    this.aborter.signal.throwIfAborted();
    const log = this.logs.open(spec.name);
    const { command, args, cwd, container } = spec;
    if (container) this.reaper.addContainer(container);
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...spec.env },
    });
    closeSync(log);
    const { pid } = child;
    if (pid) this.reaper.addProcess(pid);
    const startedAt = performance.now();
    const exited = new Promise<void>((resolve) => {
      const onEnd = (how: string) => {
        if (pid) this.reaper.removeProcess(pid);
        if (pid) spec.onEnded?.(pid);
        resolve();
        const entry = this.running.get(spec.name);
        if (entry?.child === child && !entry.held && !this.aborter.signal.aborted)
          this.startAgain(entry, performance.now() - startedAt, how);
      };
      child.once('exit', (code, signal) => onEnd(endOf(code, signal)));
      child.once('error', (error) => onEnd(`before it ran (${error.message})`));
    });
    this.running.set(spec.name, { spec, child, held: false, failures, exited });
    this.onChange();
    return pid ?? -1;
  }

  pidOf(name: string): number {
    return this.running.get(name)?.child.pid ?? -1;
  }

  /** The pid of each process, by its name. */
  get pids(): Map<string, number> {
    return new Map([...this.running].map(([name, { child }]) => [name, child.pid ?? -1]));
  }

  /** The last lines of the process's log, with the lines that look like an error. */
  lastLines(name: string): string[] {
    return this.logs.tail(name);
  }

  /** What an app warned of last. */
  lastWarning(name: string): string | undefined {
    return this.logs.lastWarning(name);
  }

  /** Ends a process. It is not started again before `restart`. */
  async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const entry = this.entryOf(name);
    entry.held = true;
    const { exitCode, signalCode } = entry.child;
    if (exitCode === null && signalCode === null) this.send(entry, signal);
    const killTimer = setTimeout(() => this.send(entry, 'SIGKILL'), entry.spec.stopWithinMs ?? STOP_WITHIN_MS);
    await entry.exited;
    clearTimeout(killTimer);
  }

  restart(name: string): number {
    return this.start(this.entryOf(name).spec, 1);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.send(this.entryOf(name), signal);
  }

  /** Ends the groups of names in this order, then every other process, then the reaper. */
  async stop(order: string[][]): Promise<void> {
    this.abort();
    for (const names of order)
      await Promise.all(names.filter((name) => this.running.has(name)).map((name) => this.end(name, 'SIGTERM')));
    await Promise.all([...this.running.keys()].map((name) => this.end(name, 'SIGKILL')));
    this.logs.close();
    await this.reaper.close();
  }

  private entryOf(name: string): Running {
    const entry = this.running.get(name);
    if (!entry) throw new Error(`no process is called ${name}; there are ${[...this.running.keys()].join(', ')}`);
    return entry;
  }

  private send({ child, spec }: Running, signal: NodeJS.Signals): void {
    const verb = spec.container && DOCKER_VERBS[signal];
    if (!verb || !spec.container) child.kill(signal);
    else spawn('docker', [...verb, spec.container], { stdio: 'ignore' }).once('error', () => child.kill(signal));
  }

  private startAgain({ spec, failures: before }: Running, livedMs: number, how: string): void {
    const failures = failuresAfter(before, livedMs);
    const { name } = spec;
    const disk = this.fullDiskOf([name]);
    const end = disk ? `${how}, and ${disk}` : how;
    process.stderr.write(`wiber: ${name} ended ${end}; it is started again, its log is ${this.logs.fileOf(name)}\n`);
    // A server on a full disk may take a minute for three ends, and may name no disk.
    if (disk) this.failWaits(name, new FullDiskError(`${disk}; ${name} ended ${how}`));
    else if (failures >= EXITS_UNTIL_FAILURE) {
      const lines = this.logs.tail(name).map((line) => `\n  ${line}`);
      const log = lines.length > 0 ? `its log ends:${lines.join('')}` : 'its log is empty';
      this.failWaits(name, new StackError(`${name} ended ${failures} times at start, ${how}; ${log}`));
    }
    this.startLater(spec, failures);
  }

  private failWaits(name: string, error: StackError): void {
    for (const { names, reject } of this.crashWatchers) if (names.includes(name)) reject(error);
  }

  /** What the disks of these processes and of the logs say when one is full. */
  private fullDiskOf(names: readonly string[]): string | undefined {
    const folders = names.map((name) => this.running.get(name)?.spec.folder);
    return fullDiskAt([...folders.filter((folder) => folder !== undefined), this.logs.folder]);
  }

  private startLater(spec: ProcessSpec, failures: number): void {
    const { name } = spec;
    setTimeout(() => {
      if (this.aborter.signal.aborted || this.running.get(name)?.held) return;
      try {
        this.start(spec, failures);
      } catch (error) {
        // For example a log that can't be opened. It must not end what else runs.
        process.stderr.write(`wiber: ${name} could not be started (${(error as Error).message}); it is tried again\n`);
        this.startLater(spec, failures + 1);
      }
    }, restartDelayMs(failures));
  }
}
