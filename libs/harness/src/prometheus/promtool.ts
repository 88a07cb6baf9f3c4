import { spawn } from 'node:child_process';
import { findProgram } from '../installed.program.ts';

export interface PromtoolEnd {
  /** 0 when promtool found no fault. */
  status: number | null;
  /** What it printed to both streams. */
  output: string;
}

/** What keeps promtool from being run, and how to get it. Undefined while nothing does. */
export const missingPromtool = (): string | undefined =>
  findProgram('promtool') === undefined
    ? 'there is no promtool, so rules of Prometheus are not tested; install prometheus (Debian: prometheus)'
    : undefined;

/** Runs promtool to its end, for example `check rules rules/alerts.yaml`. @throws Error when it can't be started */
export const runPromtool = (args: readonly string[], cwd?: string): Promise<PromtoolEnd> =>
  new Promise((resolve, reject) => {
    const program = findProgram('promtool');
    if (program === undefined) throw new Error(missingPromtool());
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
