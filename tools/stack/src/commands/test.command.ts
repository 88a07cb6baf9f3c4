import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilEnded } from './jest.exit.ts';
import { Servers } from '../servers/servers.ts';
import { untilToldToStop } from './servers.command.ts';
import { EVERY_APP, build } from './workspace.build.ts';

/** How long Jest may take to end once its results are written, in milliseconds. */
const LINGER_MS = 15_000;

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

/** Builds, starts one set of real servers for the run, runs every spec, and closes with `N passed, N failed`. */
export const testCommand = async (args: string[]): Promise<number> => {
  const told = untilToldToStop();
  const servers = new Servers({ brokers: 1, mongod: 1, ephemeral: true, links: false, smallDisks: [] });
  const folder = mkdtempSync(join(tmpdir(), 'wiber-test-'));
  servers.supervisor.removeAtEnd(folder);
  void told.then(() => servers.supervisor.giveUp());
  try {
    await Promise.all([servers.start(), build(EVERY_APP, 'bench')]);
    const outputFile = join(folder, 'results.json');
    const jest = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        '--json',
        `--outputFile=${outputFile}`,
        ...args,
      ],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, WIBER_TEST_KAFKA: servers.bootstrap, WIBER_TEST_MONGO_URI: servers.mongoUri },
      },
    );
    void told.then(() => jest.kill('SIGTERM'));
    const code = await untilEnded(jest, { outputFile, lingerMs: LINGER_MS });
    const result = existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestResult) : undefined;
    // A run that did not end by itself has failed, also where every test passed.
    const unfinished = code === null || !result ? 1 : 0;
    const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0) + unfinished;
    const passed = result?.numPassedTests ?? 0;
    const skipped = result?.numPendingTests ? `, ${result.numPendingTests} skipped` : '';
    process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
    return code === 0 && failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
