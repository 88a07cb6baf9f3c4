import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const LOGGER = join(import.meta.dirname, 'app.logger.ts');

/** Runs a program that logs, with this file as its standard output. */
const run = (program: string, output: string) => {
  const file = openSync(output, 'w');
  const code = `const { createLogger } = await import(${JSON.stringify(LOGGER)});
    const logger = createLogger('gateway', 'gateway-1', 'info');
    ${program}`;
  try {
    return spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
      stdio: ['ignore', file, 'pipe'],
      encoding: 'utf8',
      timeout: 30_000,
    });
  } finally {
    closeSync(file);
  }
};

const FULL = '/dev/full';
const SAID = /^gateway: log_unwritable: the log can't be written \(ENOSPC: .*\); the app goes on, and tries again\n$/;

test('an app whose log is on a full disk goes on, and one line on stderr says why there is no log', () => {
  const { status, stderr } = run(
    `for (let line = 0; line < 20; line += 1) {
      logger.error({ error: new Error('planted') }, 'line');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.exitCode = 7;`,
    FULL,
  );
  expect(stderr).toMatch(SAID);
  expect(status).toBe(7);
});

test('an app that ends with a fatal line ends at once, also when its log is on a full disk', () => {
  const { status, stderr, signal } = run(
    `logger.info('up'); logger.fatal('bad'); logger.fatal('worse'); process.exit(3);`,
    FULL,
  );
  expect(signal).toBeNull();
  expect(stderr).toMatch(SAID);
  expect(status).toBe(3);
});
