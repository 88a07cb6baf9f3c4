import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, firstLineOf, startNode } from './children.ts';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface RunFile {
  apps: { name: string; instance: string; pid: number; url: string }[];
  kafka: { id: string; pid: number; address: string }[];
  mongo: { id: string; pid: number; address: string }[];
}

/** The whole system as `npm start` runs it, on ports and in a folder of its own, which go with it. */
export class BenchSystem {
  readonly kafka: string[];
  readonly mongoUri: string;
  /** From the call to the ready line, in milliseconds: installed and cached, nothing running, no data yet. */
  readonly readyMs: number;
  private readonly runFile: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, ready: { kafka: string[]; mongoUri: string; runFile: string }, ms: number) {
    this.child = child;
    this.kafka = ready.kafka;
    this.mongoUri = ready.mongoUri;
    this.runFile = ready.runFile;
    this.readyMs = ms;
  }

  static async start(): Promise<BenchSystem> {
    const from = performance.now();
    const setup = join(ROOT, 'tools', 'stack', 'setup.mjs');
    const child = startNode([setup, 'start', '--ephemeral', '--json'], { LOG_LEVEL: 'info' });
    const line = await firstLineOf(child, 'the system');
    return new BenchSystem(child, JSON.parse(line) as never, performance.now() - from);
  }

  get run(): RunFile {
    return JSON.parse(readFileSync(this.runFile, 'utf8')) as RunFile;
  }

  get gatewayUrl(): string {
    return this.urlOf('gateway');
  }

  /** The first instance's. */
  urlOf(app: 'gateway' | 'ingest' | 'metrics'): string {
    return this.run.apps.find(({ name }) => name === app)!.url;
  }

  /** Each process by its name, apps and servers. */
  get pids(): Map<string, number> {
    const { apps, kafka, mongo } = this.run;
    return new Map([
      ...apps.map(({ instance, pid }) => [instance, pid] as const),
      ...[...kafka, ...mongo].map(({ id, pid }) => [id, pid] as const),
    ]);
  }

  async stop(): Promise<void> {
    const ended = endOf(this.child);
    this.child.stdin!.end();
    await ended;
  }
}
