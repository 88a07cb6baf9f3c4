import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { reportFlags } from './exit.report.ts';
import type { JestRun, JestResult } from './jest.counts.ts';
import { jestExit } from './jest.exit.ts';

/** How long Jest may run after it has written its results. */
const LINGER_MS = 15_000;

/** Specs start about 40 brokers of their own. */
const FOR_SHORT_LIVES = { KAFKA_JIT: 'quick' };

export interface Lane {
  name: string;
  /** 0 is what every process has, 19 gives way to all others; setpriority(2). */
  niceness: number;
  /** The run makes a folder of its own in it. */
  folder: string;
  args: string[];
  env: Record<string, string>;
  /** Ends the run when it resolves. */
  stop: Promise<unknown>;
}

/** Runs the specs of one lane in a Jest of its own. Its processes inherit the niceness. */
export const runJest = async ({ name, niceness, folder, args, env, stop }: Lane): Promise<JestRun> => {
  const own = join(folder, name);
  mkdirSync(own);
  const compiled = join(folder, 'compile-cache');
  const outputFile = join(own, 'results.json');
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      ...reportFlags(own),
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${outputFile}`,
      // Arguments may name specs of other lanes only.
      '--passWithNoTests',
      ...args,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...FOR_SHORT_LIVES, ...env, WIBER_TEST_LANE: name, NODE_COMPILE_CACHE: compiled },
    },
  );
  if (jest.pid) setPriority(jest.pid, niceness);
  void stop.then(() => jest.kill('SIGTERM'));
  const code = await jestExit(jest, { outputFile, lingerMs: LINGER_MS });
  const result = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult) : undefined;
  return { code, result };
};
