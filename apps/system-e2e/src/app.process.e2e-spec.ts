import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { AppProcess, eventually, freshSystem } from '@wiber/harness';

const SPEC_THAT_IS_KILLED = `
  import { AppProcess } from '@wiber/harness';
  const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: 'mongodb://127.0.0.1:1/' };
  const app = await AppProcess.start('gateway', nowhere, 'liveness');
  process.stdout.write(app.pid + '\\n');
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an app ends when the process that started it is killed', async () => {
  const spec = spawn(process.execPath, ['--input-type=module', '--eval', SPEC_THAT_IS_KILLED], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = Number(
    await new Promise<string>((resolve) => createInterface({ input: spec.stdout }).once('line', resolve)),
  );
  expect(isAlive(pid)).toBe(true);
  spec.kill('SIGKILL');
  await eventually(() => expect(isAlive(pid)).toBe(false));
});

test('when one of several apps does not start, the others are ended', async () => {
  const env = await freshSystem();
  const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
  const before = children();
  const starts = AppProcess.startAll([
    ['gateway', env],
    ['ingest', { ...env, LOG_LEVEL: 'loud' }],
  ]);
  await expect(starts).rejects.toThrow('ingest did not start');
  await eventually(() => expect(children()).toBe(before));
});
