import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../eventually.ts';
import { findProgram } from '../installed.program.ts';
import { ProcessGuard, endChild } from '../process.guard.ts';
import { PrometheusApi } from './prometheus.api.ts';

export interface PrometheusOptions {
  /** By job: the URLs of the processes that it scrapes at /metrics, such as AppProcess.url. */
  jobs: Readonly<Record<string, readonly string[]>>;
  /** The contents of rule files. */
  rules?: readonly string[];
  /** How often it scrapes and runs the rules, in milliseconds; 1000 by default. */
  periodMs?: number;
}

interface Parts {
  child: ChildProcess;
  guard: ProcessGuard;
}

/** Lines of its log that an error shows. */
const LOG_LINES = 50;

/** What the start may take on a machine that is busy with others. */
const START_MS = 60_000;

/**
 * A real Prometheus on a free port of loopback, which scrapes real processes. Nothing of it outlives `stop`, or the end of
 * this process.
 */
export class PrometheusServer extends PrometheusApi {
  private readonly parts: Parts;

  private constructor(url: string, parts: Parts) {
    super(url);
    this.parts = parts;
  }

  /** What is missing for such a server, and how to get it. Undefined while nothing is. */
  static missing(): string | undefined {
    return findProgram('prometheus') === undefined
      ? 'there is no prometheus, so nothing is scraped by a real one; install it (Debian: prometheus)'
      : undefined;
  }

  /** Resolves once it has scraped every target. @throws Error when it is missing, refuses its rules, or reaches no target */
  static async start(options: PrometheusOptions): Promise<PrometheusServer> {
    const program = findProgram('prometheus');
    if (program === undefined) throw new Error(PrometheusServer.missing());
    const folder = mkdtempSync(join(tmpdir(), 'wiber-prometheus-'));
    writeFileSync(join(folder, 'prometheus.json'), configOf(folder, options));
    const args = [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--log.format=json',
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const guard = new ProcessGuard({ child, paths: [folder] });
    const log = new Log(child);
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    const count = Object.values(options.jobs).flat().length;
    try {
      return await eventually(
        async () => {
          if (hasEnded()) throw new Error(`Prometheus ended with code ${child.exitCode}:\n${log.text}`);
          const server = new PrometheusServer(log.url, { child, guard });
          await server.expectScraped(count);
          return server;
        },
        { within: START_MS, isHopeless: hasEnded },
      );
    } catch (error) {
      await end({ child, guard });
      throw error;
    }
  }

  stop(): Promise<void> {
    return end(this.parts);
  }

  /** Before it has read its configuration it has no targets. */
  private async expectScraped(count: number): Promise<void> {
    const ready = await fetch(`${this.url}/-/ready`);
    if (!ready.ok) throw new Error(`Prometheus answers ${ready.status}: ${await ready.text()}`);
    const targets = await this.targets();
    const waiting = targets.find(({ health }) => health !== 'up');
    if (waiting) throw new Error(`${waiting.url} is ${waiting.health}: ${waiting.lastError}`);
    if (targets.length < count) throw new Error(`Prometheus has ${targets.length} of ${count} targets`);
  }
}

const end = async ({ child, guard }: Parts): Promise<void> => {
  await endChild(child, 'SIGKILL');
  await guard.close();
};

/** YAML is a superset of JSON. */
const configOf = (folder: string, { jobs, rules = [], periodMs = 1000 }: PrometheusOptions): string => {
  const files = rules.map((text, index) => {
    const file = join(folder, `rules-${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  const period = `${periodMs}ms`;
  return JSON.stringify({
    global: { scrape_interval: period, scrape_timeout: period, evaluation_interval: period },
    rule_files: files,
    scrape_configs: Object.entries(jobs).map(([job_name, urls]) => ({
      job_name,
      static_configs: [{ targets: urls.map((url) => new URL(url).host) }],
    })),
  });
};

/** The last lines that Prometheus wrote. It chooses a free port by itself and says which there. */
class Log {
  private address: string | undefined;
  private readonly lines: string[] = [];

  constructor(child: ChildProcess) {
    child.once('error', (error) => this.lines.push(error.message));
    createInterface({ input: child.stderr! }).on('line', (line) => {
      this.lines.push(line);
      this.lines.splice(0, this.lines.length - LOG_LINES);
      const { msg, address } = JSON.parse(line.startsWith('{') ? line : '{}') as { msg?: string; address?: string };
      if (msg === 'Listening on') this.address = address;
    });
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** @throws Error before Prometheus listens */
  get url(): string {
    if (this.address === undefined) throw new Error(`Prometheus does not listen:\n${this.text}`);
    return `http://${this.address}`;
  }
}
