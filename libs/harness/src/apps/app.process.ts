import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { AppMetrics, type MetricOptions } from './app.metrics.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const PORT_VARIABLE = { gateway: 'API_PORT', ingest: 'INGEST_PORT', metrics: 'METRICS_PORT' } as const;

export type AppName = keyof typeof PORT_VARIABLE;
export type AppStart = readonly [name: AppName, env: Record<string, string>];

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Where `url` reaches each app, whatever the machine has set. */
const LOOPBACK = { API_HOST: '127.0.0.1', INGEST_HOST: '127.0.0.1', METRICS_HOST: '127.0.0.1' };

/** Preloaded into each app. Its stdin closes when this process ends, also by kill -9; then the app kills itself. */
const ENDS_WITH_PARENT =
  'data:text/javascript,process.stdin.resume().unref();process.stdin.once("close",()=>process.kill(process.pid,"SIGKILL"))';

/** Characters of its output that are kept, the last ones. */
const OUTPUT_MAX = 1_000_000;

/** What the start of an app may take on a machine that is busy with others. One that ends is not waited for. */
const START_MS = 60_000;

/** The process of one app, run from its build, on a free port. */
export class AppProcess {
  readonly url: string;
  private readonly child: ChildProcess;
  private log = '';

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
    child.stdin?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-OUTPUT_MAX)));
    }
  }

  /** Resolves once the app is ready, or with `liveness` once it is alive: for apps whose servers are down. */
  static async start(name: AppName, env: Record<string, string>, until: 'readiness' | 'liveness' = 'readiness') {
    const port = await freePort();
    const main = join(ROOT, 'apps', name, 'dist', 'main.js');
    // A spec that is about the drain sets its time; every other would only stop later.
    const child = spawn(process.execPath, ['--import', ENDS_WITH_PARENT, '--enable-source-maps', main], {
      env: {
        DRAIN_MS: '0',
        INSTANCE: `${name}-1`,
        ...process.env,
        ...LOOPBACK,
        ...env,
        [PORT_VARIABLE[name]]: String(port),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const app = new AppProcess(child, `http://127.0.0.1:${port}`);
    const killChild = () => child.kill('SIGKILL');
    process.once('exit', killChild);
    child.once('exit', () => process.off('exit', killChild));
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const isUp = async () => {
      if (hasEnded()) throw new Error(`${name} ended with code ${child.exitCode}`);
      const answer = await fetch(`${app.url}/health/${until}`);
      if (!answer.ok) throw new Error(`${name} answers ${answer.status}: ${await answer.text()}`);
    };
    try {
      await eventually(isUp, { within: START_MS, isHopeless: hasEnded });
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${app.log}`, { cause: error });
    }
    return app;
  }

  /** Starts several apps at once. @throws the first failure, once the others are ended: nobody could end them later */
  static async startAll<const Starts extends readonly AppStart[]>(
    starts: Starts,
  ): Promise<{ -readonly [place in keyof Starts]: AppProcess }> {
    const results = await Promise.allSettled(starts.map(([name, env]) => AppProcess.start(name, env)));
    const failed = results.find((result) => result.status === 'rejected');
    const apps = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (!failed) return apps as { -readonly [place in keyof Starts]: AppProcess };
    await Promise.all(apps.map((app) => app.end('SIGKILL')));
    throw failed.reason;
  }

  /** Runs an app that is expected to refuse its start, on a free port unless `env` has one; resolves once the process has ended. */
  static async runToEnd(name: AppName, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
    const port = String(await freePort());
    const child = spawn(process.execPath, [join(ROOT, 'apps', name, 'dist', 'main.js')], {
      env: { ...process.env, [PORT_VARIABLE[name]]: port, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    const app = new AppProcess(child, '');
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output: app.log };
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get output(): string {
    return this.log;
  }

  /** `SIGSTOP` makes the process hang, `SIGCONT` lets it go on. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The sum of a metric over its samples. @throws Error when the app has no such metric: see AppMetrics */
  async metric(name: string, options: MetricOptions = {}): Promise<number> {
    return (await AppMetrics.read(this.url)).sum(name, options);
  }

  /** Sends a signal and resolves to the exit code once the process has ended; to null when the signal ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    return ended;
  }
}
