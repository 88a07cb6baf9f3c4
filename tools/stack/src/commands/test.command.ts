import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemporaryFolder } from '../processes/temporary.folder.ts';
import { Servers } from '../servers/servers.ts';
import { reportFlags } from './exit.report.ts';
import { jestExit } from './jest.exit.ts';
import { stopRequested } from './stop.signal.ts';
import { EVERY_APP, EVERY_LIB, build } from './workspace.build.ts';

/** How long Jest may run after it has written its results. */
const LINGER_MS = 15_000;

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

const startJest = ({ bootstrap, mongoUri }: Servers, outputFile: string, args: string[]): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      ...reportFlags(dirname(outputFile)),
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${outputFile}`,
      ...args,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, WIBER_TEST_KAFKA: bootstrap, WIBER_TEST_MONGO_URI: mongoUri },
    },
  );

/** Prints `N passed, N failed`. Returns the exit code of the run. */
const report = (outputFile: string, jestCode: number | null): number => {
  const result = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult) : undefined;
  // A run that was killed, or that wrote no results, has failed, even when every test passed.
  const unfinished = jestCode === null || !result ? 1 : 0;
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0) + unfinished;
  const passed = result?.numPassedTests ?? 0;
  const skipped = result?.numPendingTests ? `, ${result.numPendingTests} skipped` : '';
  process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
  return jestCode === 0 && failed === 0 && passed > 0 ? 0 : 1;
};

/** Builds, starts one set of real servers for the run, runs every spec and prints the counts as the last line. */
export const testCommand = async (args: string[]): Promise<number> => {
  const stop = stopRequested();
  const servers = new Servers({ brokers: 1, mongod: 1, ephemeral: true, links: false, smallDisks: [] });
  const folder = makeTemporaryFolder('wiber-test-');
  servers.supervisor.removeAtEnd(folder);
  void stop.then(() => servers.supervisor.abort());
  try {
    await Promise.all([servers.start(), build(EVERY_APP, EVERY_LIB)]);
    const outputFile = join(folder, 'results.json');
    const jest = startJest(servers, outputFile, args);
    void stop.then(() => jest.kill('SIGTERM'));
    return report(outputFile, await jestExit(jest, { outputFile, lingerMs: LINGER_MS }));
  } finally {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
