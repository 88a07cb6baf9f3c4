import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@wiber/harness';
import { tryCommand } from './command.run.ts';
import { findEngine } from './engine.ts';

const OWN_ENGINE = join(import.meta.dirname, 'own.engine.ts');
const START = `import(process.argv[1]).then(({ startOwnEngine }) => startOwnEngine()).then(({ host }) => console.log(host))`;

/** A second dockerd beside one that runs would be another spec. */
const isPossible = async (): Promise<boolean> => {
  const found = await findEngine();
  if (typeof found !== 'string') await found.close();
  const reason = typeof found === 'string' ? found : found.isOwn ? undefined : 'another Docker engine runs';
  if (reason) process.stderr.write(`images: the specs of an own engine are left out: ${reason}\n`);
  return reason === undefined;
};

/** The command lines of processes that name the folder. */
const commandsWith = (folder: string): string[] =>
  globSync('/proc/[0-9]*/cmdline')
    .map((file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((command) => command.includes(folder));

((await isPossible()) ? test : test.skip)(
  'an engine ends with the process that started it, also after kill -9',
  async () => {
    const starter = spawn(process.execPath, ['--no-warnings', '-e', START, OWN_ENGINE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const host = await new Promise<string>((resolve, reject) => {
      createInterface({ input: starter.stdout }).once('line', resolve);
      starter.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    });
    const folder = dirname(new URL(host).pathname);
    expect(commandsWith(folder).some((command) => command.startsWith('dockerd'))).toBe(true);
    expect((await tryCommand(['docker', 'ps'], { within: 15_000, env: { DOCKER_HOST: host } })).code).toBe(0);
    starter.kill('SIGKILL');
    await eventually(() => expect(commandsWith(folder)).toEqual([]), { within: 120_000 });
    await eventually(() => expect(existsSync(folder)).toBe(false), { within: 30_000 });
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(folder);
  },
  300_000,
);
