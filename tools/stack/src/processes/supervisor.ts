import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import type { Lifeline } from './child.run.ts';
import { LogFiles } from './log.files.ts';
import { StackError } from '../stack.errors.ts';

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** The process is a Docker client in the foreground, and this its container. */
  container?: string;
}

interface Running {
  spec: ProcessSpec;
  child: ChildProcess;
  held: boolean;
  failures: number;
  exited: Promise<void>;
}

const RESTART = { baseMs: 300, capMs: 5000, stableMs: 20_000 };
/** After so many deaths in a row what is waited for will not come. */
const HOPELESS = 3;
/** What a signal to the client does not do to its container. */
const CONTAINER_VERBS: Partial<Record<NodeJS.Signals, string[]>> = {
  SIGKILL: ['rm', '-f'],
  SIGSTOP: ['pause'],
  SIGCONT: ['unpause'],
};

/**
 * Runs processes, each in a group of its own so that a Ctrl-C does not end all at once, and starts again what dies. A
 * reaper beside it ends them should this process be killed.
 */
export class Supervisor {
  private readonly logs: LogFiles;
  private readonly changed: () => void;
  private readonly running = new Map<string, Running>();
  private readonly folders: string[] = [];
  private readonly hopeless = new Set<{ names: string[]; reject: (error: Error) => void }>();
  private readonly cut = new AbortController();
  private reaper: ChildProcess | undefined;
  private stopping = false;

  constructor(logs: string, changed: () => void = () => undefined) {
    this.logs = new LogFiles(logs);
    this.changed = changed;
    this.startReaper();
  }

  /** For what runs on the way: it ends with this supervisor. */
  get lifeline(): Lifeline {
    return {
      signal: this.cut.signal,
      adopt: (pid) => this.tell(`+${pid}`),
      release: (pid) => this.tell(`-${pid}`),
      removeAtEnd: (folder) => this.removeAtEnd(folder),
    };
  }

  /** Removes the folder at the end, whatever ends this process. */
  removeAtEnd(folder: string): void {
    this.folders.push(folder);
    this.tell(`d${folder}`);
  }

  /** Gives up what is on its way, and starts nothing more. */
  giveUp(): void {
    this.stopping = true;
    this.cut.abort(new StackError('stopped before it was up'));
  }

  /** Waits for `up`, unless one of these dies again and again: that is told with the end of its log. */
  async untilUp<T>(names: string[], up: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const watch = { names, reject };
    this.hopeless.add(watch);
    try {
      return await Promise.race([up, promise]);
    } finally {
      this.hopeless.delete(watch);
    }
  }

  start(spec: ProcessSpec, failures = 0): number {
    this.cut.signal.throwIfAborted();
    const log = this.logs.open(spec.name);
    const { command, args, cwd, container } = spec;
    if (container) this.tell(`c${container}`);
    const child = spawn(command, args, {
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...spec.env },
    });
    closeSync(log);
    if (child.pid) this.tell(`+${child.pid}`);
    const startedAt = Date.now();
    const exited = new Promise<void>((resolve) => {
      const ended = (how: string) => {
        this.tell(`-${child.pid}`);
        resolve();
        const entry = this.running.get(spec.name);
        if (entry?.child === child && !entry.held && !this.stopping) this.again(entry, Date.now() - startedAt, how);
      };
      child.once('exit', (code, signal) => ended(signal ? `by ${signal}` : `with code ${code}`));
      child.once('error', (error) => ended(`before it ran (${error.message})`));
    });
    this.running.set(spec.name, { spec, child, held: false, failures, exited });
    this.changed();
    return child.pid ?? -1;
  }

  pidOf(name: string): number {
    return this.running.get(name)?.child.pid ?? -1;
  }

  /** What runs now, by name. */
  get pids(): Map<string, number> {
    return new Map([...this.running].map(([name, { child }]) => [name, child.pid ?? -1]));
  }

  /** The end of its log, with what looks like the reason for an end. */
  lastLines(name: string): string[] {
    return this.logs.tail(name);
  }

  /** Ends one and leaves it ended until `resume`. */
  async hold(name: string, signal: NodeJS.Signals): Promise<void> {
    const entry = this.entryOf(name);
    entry.held = true;
    const { exitCode, signalCode } = entry.child;
    if (exitCode === null && signalCode === null) this.send(entry, signal);
    const hard = setTimeout(() => this.send(entry, 'SIGKILL'), 15_000);
    await entry.exited;
    clearTimeout(hard);
  }

  resume(name: string): number {
    const { spec } = this.entryOf(name);
    return this.start(spec, 1);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.send(this.entryOf(name), signal);
  }

  /** Ends all, a group of names after the other, then the reaper. */
  async stop(order: string[][]): Promise<void> {
    this.giveUp();
    for (const names of order)
      await Promise.all(names.filter((name) => this.running.has(name)).map((name) => this.hold(name, 'SIGTERM')));
    await Promise.all([...this.running.keys()].map((name) => this.hold(name, 'SIGKILL')));
    this.logs.close();
    const reaper = this.reaper;
    reaper?.stdin?.end();
    await new Promise<void>((resolve) =>
      reaper?.exitCode === null ? reaper.once('exit', () => resolve()) : resolve(),
    );
  }

  private entryOf(name: string): Running {
    const entry = this.running.get(name);
    if (!entry) throw new Error(`no process is called ${name}; there are ${[...this.running.keys()].join(', ')}`);
    return entry;
  }

  private send({ child, spec }: Running, signal: NodeJS.Signals): void {
    const verb = spec.container && CONTAINER_VERBS[signal];
    if (!verb || !spec.container) child.kill(signal);
    else spawn('docker', [...verb, spec.container], { stdio: 'ignore' }).once('error', () => child.kill(signal));
  }

  private again({ spec, failures }: Running, livedMs: number, how: string): void {
    const attempt = livedMs > RESTART.stableMs ? 0 : failures;
    const { name } = spec;
    process.stderr.write(`wiber: ${name} ended ${how}; it is started again, its log is ${this.logs.fileOf(name)}\n`);
    if (attempt + 1 >= HOPELESS) {
      const lines = this.logs.tail(name).map((line) => `\n  ${line}`);
      const error = new StackError(
        `${name} ended ${attempt + 1} times at start, ${how}; its log ends:${lines.join('')}`,
      );
      for (const watch of this.hopeless) if (watch.names.includes(name)) watch.reject(error);
    }
    const wait = (0.5 + Math.random() / 2) * Math.min(RESTART.capMs, RESTART.baseMs * 2 ** attempt);
    setTimeout(() => {
      const entry = this.running.get(spec.name);
      if (!this.stopping && !entry?.held) this.start(spec, attempt + 1);
    }, wait);
  }

  private startReaper(): void {
    const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    reaper.stdin.on('error', () => undefined);
    this.reaper = reaper;
    for (const { child } of this.running.values()) this.tell(`+${child.pid}`);
    for (const { spec } of this.running.values()) if (spec.container) this.tell(`c${spec.container}`);
    for (const folder of this.folders) this.tell(`d${folder}`);
    reaper.once('exit', () => !this.stopping && this.startReaper());
  }

  private tell(line: string): void {
    this.reaper?.stdin?.write(`${line}\n`);
  }
}
