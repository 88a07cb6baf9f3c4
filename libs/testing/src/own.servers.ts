import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { dirname, join } from 'node:path';
import type { AppName } from './app.process.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface ServerCounts {
  brokers?: number;
  mongod?: number;
}

export interface SystemCounts extends ServerCounts {
  gateway?: number;
  ingest?: number;
  metrics?: number;
}

export interface StackOptions {
  /** Settings of the stack and, since they inherit its own, of everything it starts. */
  env?: Record<string, string>;
}

/** What .wiber/run.json says. */
export interface RunFile {
  apps: { name: string; instance: string; pid: number; url: string }[];
  kafka: { id: string; pid: number; address: string }[];
  mongo: { id: string; pid: number; address: string }[];
}

interface Started {
  child: ChildProcess;
  lines: Interface;
  kafka: string[];
  mongoUri: string;
  runFile: string;
}

interface StackCall extends StackOptions {
  command: 'servers' | 'start';
  counts: SystemCounts;
}

const startStack = async ({ command, counts, env }: StackCall): Promise<Started> => {
  const main = join(ROOT, 'tools', 'stack', 'src', 'main.ts');
  const flags = Object.entries(counts).flatMap(([name, count]) => [`--${name}`, String(count)]);
  const child = spawn(process.execPath, [main, command, '--ephemeral', '--json', ...flags], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout! });
  const first = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the stack ended with code ${code} before it was ready`)));
  });
  return { child, lines, ...(JSON.parse(first) as Omit<Started, 'child' | 'lines'>) };
};

/** Real servers of one's own, to kill and start again. They end with `close`, and with this process. */
export class OwnServers {
  readonly kafka: string[];
  readonly mongoUri: string;
  private readonly started: Started;
  private nextId = 1;

  protected constructor(started: Started) {
    this.started = started;
    this.kafka = started.kafka;
    this.mongoUri = started.mongoUri;
  }

  static async start(counts: ServerCounts = {}, options: StackOptions = {}): Promise<OwnServers> {
    return new OwnServers(await startStack({ command: 'servers', counts, ...options }));
  }

  protected get runFile(): string {
    return this.started.runFile;
  }

  /** What runs now: a process that was started again has its new pid. */
  get run(): RunFile {
    return JSON.parse(readFileSync(this.runFile, 'utf8')) as RunFile;
  }

  /** Each process by its name: kafka-1, mongo-1, gateway-1 and so on. */
  get pids(): Map<string, number> {
    const { apps, kafka, mongo } = this.run;
    return new Map([
      ...apps.map(({ instance, pid }) => [instance, pid] as const),
      ...[...kafka, ...mongo].map(({ id, pid }) => [id, pid] as const),
    ]);
  }

  /** `name` as in `pids`. `start` resolves when a server serves again, and for an app at once. */
  tell(op: 'kill' | 'stop' | 'start' | 'pause' | 'resume', name: string): Promise<void> {
    const { child, lines } = this.started;
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const listen = (line: string) => {
        const answer = JSON.parse(line) as { id: number; ok: boolean; error?: string };
        if (answer.id !== id) return;
        lines.off('line', listen);
        if (answer.ok) resolve();
        else reject(new Error(answer.error));
      };
      lines.on('line', listen);
      child.stdin!.write(`${JSON.stringify({ id, op, name })}\n`);
    });
  }

  async close(): Promise<void> {
    const { child } = this.started;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin!.end();
    await ended;
  }
}

/** The whole system as `npm start` runs it, on ports and in a folder of its own, which go with it. */
export class OwnSystem extends OwnServers {
  static override async start(counts: SystemCounts = {}, options: StackOptions = {}): Promise<OwnSystem> {
    return new OwnSystem(await startStack({ command: 'start', counts, ...options }));
  }

  urlsOf(app: AppName): string[] {
    return this.run.apps.filter(({ name }) => name === app).map(({ url }) => url);
  }

  /** What operator calls carry. */
  get operatorToken(): string {
    return readFileSync(join(dirname(this.runFile), 'operator.token'), 'utf8').trim();
  }

  /** The first instance's. */
  urlOf(app: AppName): string {
    const [url] = this.urlsOf(app);
    if (url === undefined) throw new Error(`this system runs no ${app}`);
    return url;
  }
}
