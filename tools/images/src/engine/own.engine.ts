import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { downloadCache } from '@wiber/harness';
import { ImagesError } from '../images.errors.ts';
import { awaitTurn, isDockerd } from './engine.turn.ts';
import { runCommand, tryCommand } from './command.run.ts';
import type { Engine } from './running.engine.ts';

const READY_MS = 60_000;
const STEP_MS = 200;

/**
 * What of dockerd is left out changes the machine: without its own bridge and rules for iptables nothing of the network is
 * left behind. Containers of one network reach each other over their bridge, published ports go through docker-proxy, and
 * builds use the network of the host.
 */
const WITHOUT_TRACES = [
  '--bridge=none',
  '--iptables=false',
  '--ip6tables=false',
  '--ip-masq=false',
  '--ip-forward=false',
];

/** The images are kept here, for the next run. */
const dataRoot = (): string => join(downloadCache(), 'docker');

/** Another run of the test may have the engine: no longer than the test takes. */
const TURN_MS = 20 * 60_000;

const lastLine = (file: string): string => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return (/msg="?(.*?)"?$/.exec(lines.at(-1) ?? '')?.[1] ?? lines.at(-1) ?? '').slice(0, 300);
};

const isAnswering = async (host: string): Promise<boolean> => {
  const answer = await tryCommand(['docker', 'version'], { within: 5000, env: { DOCKER_HOST: host } }).catch(
    () => undefined,
  );
  return answer?.code === 0;
};

const awaitReady = async (host: string, keeper: ChildProcess, log: string): Promise<void> => {
  const deadline = performance.now() + READY_MS;
  while (!(await isAnswering(host))) {
    if (keeper.exitCode !== null) throw new ImagesError(`dockerd ended at once: ${lastLine(log)}`);
    if (performance.now() > deadline)
      throw new ImagesError(`dockerd was not ready within ${READY_MS / 1000} s: ${lastLine(log)}`);
    await wait(STEP_MS);
  }
};

/** A run that was killed may have left containers; all in this engine are ours. */
const removeLeftovers = async (host: string): Promise<void> => {
  const run = (...args: string[]) => runCommand(['docker', ...args], { within: 60_000, env: { DOCKER_HOST: host } });
  const left = (await run('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
  if (left.length > 0) await run('rm', '--force', '--volumes', ...left);
  await run('volume', 'prune', '--force');
  await run('network', 'prune', '--force');
};

/**
 * Starts a dockerd for this process. It ends with `close`, and also when this process is killed.
 * @throws ImagesError when dockerd does not start, with its own reason
 */
export const startOwnEngine = async (): Promise<Engine> => {
  mkdirSync(dataRoot(), { recursive: true });
  const pidFile = join(dataRoot(), 'dockerd.pid');
  await awaitTurn(pidFile, { isDockerd, withinMs: TURN_MS });
  const folder = mkdtempSync(join(tmpdir(), 'wiber-engine-'));
  const log = join(folder, 'dockerd.log');
  const host = `unix://${join(folder, 'docker.sock')}`;
  const dockerd = [
    'dockerd',
    ...['--data-root', dataRoot(), '--exec-root', join(folder, 'exec'), '--pidfile', pidFile],
    ...['--host', host, '--log-level', 'warn', ...WITHOUT_TRACES],
  ];
  const output = openSync(log, 'a');
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'engine.keeper.ts'), folder, ...dockerd], {
    // A group of its own: Ctrl-C must not end it before the containers are ended.
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  keeper.stdin!.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    keeper.once('exit', () => resolve());
    keeper.once('error', () => resolve());
  });
  const close = async () => {
    keeper.stdin!.end();
    await ended;
  };
  try {
    await awaitReady(host, keeper, log);
    await removeLeftovers(host);
  } catch (error) {
    await close();
    throw error;
  }
  return { host, isOwn: true, close };
};
