// Runs dockerd and outlives whoever started it for a moment: once the pipe on its stdin ends, it stops dockerd, which ends every
// container, and removes the folder of this run. So nothing is left after kill -9 of a test.
//   node engine.keeper.ts FOLDER dockerd …
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/** dockerd gives each container 10 s and ends them all at once. */
const STOP_MS = 40_000;

const [folder = '', program = '', ...args] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const dockerd = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

/** The network namespaces of containers, and what a dockerd that was killed has left mounted. */
const unmountIn = (path: string): void => {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${path}/`));
  if (mounts.length > 0) spawnSync('umount', ['--lazy', ...mounts.reverse()], { stdio: 'ignore', timeout: 10_000 });
};

const remove = (): void => {
  unmountIn(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
};

const kill = (signal: NodeJS.Signals): void => {
  try {
    if (dockerd.pid) process.kill(-dockerd.pid, signal);
  } catch {
    // It has already ended.
  }
};

dockerd.once('error', () => process.exit(127));
dockerd.once('exit', (code) => {
  // containerd is in its group and ends by itself; after a kill of dockerd it does not.
  kill('SIGKILL');
  remove();
  process.exit(code ?? 1);
});
process.stdin.resume().once('close', () => {
  // To dockerd alone: it still needs its containerd to end the containers.
  dockerd.kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), STOP_MS).unref();
});
