import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
}

interface Running {
  spec: ProcessSpec;
  child: ChildProcess;
  held: boolean;
  failures: number;
  exited: Promise<void>;
}

const RESTART = { baseMs: 300, capMs: 5000, stableMs: 20_000 };

/**
 * Runs processes, each in a group of its own so that a Ctrl-C does not end all at once, and starts again what dies. A
 * reaper beside it ends them should this process be killed.
 */
export class Supervisor {
  private readonly logs: string;
  private readonly changed: () => void;
  private readonly running = new Map<string, Running>();
  private readonly folders: string[] = [];
  private reaper: ChildProcess | undefined;
  private stopping = false;

  constructor(logs: string, changed: () => void = () => undefined) {
    this.logs = logs;
    this.changed = changed;
    mkdirSync(logs, { recursive: true });
    this.startReaper();
  }

  /** Removes the folder at the end, whatever ends this process. */
  removeAtEnd(folder: string): void {
    this.folders.push(folder);
    this.tell(`d${folder}`);
  }

  start(spec: ProcessSpec, failures = 0): number {
    const log = openSync(join(this.logs, `${spec.name}.log`), failures === 0 ? 'w' : 'a');
    const { command, args, cwd } = spec;
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
      const ended = () => {
        this.tell(`-${child.pid}`);
        resolve();
        const entry = this.running.get(spec.name);
        if (entry?.child === child && !entry.held && !this.stopping) this.again(entry, Date.now() - startedAt);
      };
      child.once('exit', ended);
      child.once('error', ended);
    });
    this.running.set(spec.name, { spec, child, held: false, failures, exited });
    this.changed();
    return child.pid ?? -1;
  }

  pidOf(name: string): number {
    return this.running.get(name)?.child.pid ?? -1;
  }

  /** Ends one and leaves it ended until `resume`. */
  async hold(name: string, signal: NodeJS.Signals): Promise<void> {
    const entry = this.entryOf(name);
    entry.held = true;
    entry.child.kill(signal);
    const hard = setTimeout(() => entry.child.kill('SIGKILL'), 15_000);
    await entry.exited;
    clearTimeout(hard);
  }

  resume(name: string): number {
    const { spec } = this.entryOf(name);
    return this.start(spec, 1);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.entryOf(name).child.kill(signal);
  }

  /** Ends all, a group of names after the other, then the reaper. */
  async stop(order: string[][]): Promise<void> {
    this.stopping = true;
    for (const names of order)
      await Promise.all(names.filter((name) => this.running.has(name)).map((name) => this.hold(name, 'SIGTERM')));
    await Promise.all([...this.running.keys()].map((name) => this.hold(name, 'SIGKILL')));
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

  private again({ spec, failures }: Running, livedMs: number): void {
    const attempt = livedMs > RESTART.stableMs ? 0 : failures;
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
    for (const folder of this.folders) this.tell(`d${folder}`);
    reaper.once('exit', () => !this.stopping && this.startReaper());
  }

  private tell(line: string): void {
    this.reaper?.stdin?.write(`${line}\n`);
  }
}
