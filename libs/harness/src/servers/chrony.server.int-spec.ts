import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../eventually.ts';
import { ChronyServer } from './chrony.server.ts';

const missing = ChronyServer.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// ChronyServer.missing says how to get it.
const testWithChrony = missing === undefined ? test : test.skip;

const folders = (): string[] => globSync(join(tmpdir(), 'wiber-chrony-*'));
/** A process that nobody has waited for has no command line. */
const isRunning = (pid: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
};

testWithChrony('it ends, and its folder is removed, when the process that started it is killed', async () => {
  const before = folders();
  const module = JSON.stringify(join(import.meta.dirname, 'chrony.server.ts'));
  const script = `const { ChronyServer } = await import(${module});
    const server = await ChronyServer.start();
    console.log(server.child.pid);
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const own = folders().filter((folder) => !before.includes(folder));
  expect([isRunning(pid), own.length > 0]).toEqual([true, true]);
  owner.kill('SIGKILL');
  await eventually(() => {
    expect(isRunning(pid)).toBe(false);
    for (const folder of own) expect(folders()).not.toContain(folder);
  });
});
