import { rmSync } from 'node:fs';
import { makeTemporaryFolder } from '../processes/temporary.folder.ts';
import { Servers } from '../servers/servers.ts';
import { countsOf, summaryOf } from './jest.counts.ts';
import { runJest } from './jest.run.ts';
import { stopRequested } from './stop.signal.ts';
import { EVERY_APP, EVERY_LIB, build } from './workspace.build.ts';

/**
 * jest.config.mjs says which specs are in which lane. Those of `beside` and `units` get only the processor time that the
 * others leave, so they make no spec slow that waits for a server.
 */
export const LANES = [
  { name: 'servers', niceness: 0 },
  { name: 'beside', niceness: 19 },
  { name: 'units', niceness: 19 },
];

/** Builds, starts one set of real servers for the run, runs every spec and prints the counts as the last line. */
export const testCommand = async (args: string[]): Promise<number> => {
  const stop = stopRequested();
  const servers = new Servers({
    brokers: 1,
    mongod: 1,
    ephemeral: true,
    links: false,
    secure: false,
    smallDisks: [],
    clocks: new Map(),
    settableClocks: [],
  });
  const folder = makeTemporaryFolder('wiber-test-');
  servers.supervisor.removeAtEnd(folder);
  void stop.then(() => servers.supervisor.abort());
  try {
    await Promise.all([servers.start(), build([EVERY_APP, EVERY_LIB])]);
    const env = { WIBER_TEST_KAFKA: servers.bootstrap, WIBER_TEST_MONGO_URI: servers.mongoUri };
    const runs = await Promise.all(LANES.map((lane) => runJest({ ...lane, folder, args, env, stop })));
    const counts = countsOf(runs);
    process.stdout.write(`${summaryOf(counts)}\n`);
    return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  } finally {
    await servers.discard();
    rmSync(folder, { recursive: true, force: true });
  }
};
