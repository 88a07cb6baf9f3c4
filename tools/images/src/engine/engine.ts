import { readFileSync } from 'node:fs';
import { ImagesError } from '../images.errors.ts';
import { isOnPath, tryCommand } from './command.run.ts';
import { startOwnEngine } from './own.engine.ts';
import type { Engine } from './running.engine.ts';

const GET_ONE =
  'start a Docker engine, or install one (Debian: docker.io docker-compose debootstrap) and run this as root';

/** Bits of capabilities(7): dockerd makes networks and mounts. */
const NET_ADMIN = 12n;
const SYS_ADMIN = 21n;

/** Whether a process with this status, as proc_pid_status(5) shows it, may run dockerd. */
export const mayRunDockerd = (status: string): boolean => {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return [NET_ADMIN, SYS_ADMIN].every((bit) => ((effective >> bit) & 1n) === 1n);
};

/**
 * The engine that runs, else one of our own, which takes dockerd and the rights of root.
 * @returns one line that says why there is none, and how to get one
 */
export const findEngine = async (): Promise<Engine | string> => {
  if (!isOnPath('docker')) return `there is no docker on PATH; ${GET_ONE}`;
  const running = await tryCommand(['docker', 'version'], { within: 15_000 });
  if (running.code === 0) return { host: undefined, isOwn: false, close: async () => undefined };
  if (!isOnPath('dockerd')) return `no Docker engine answers, and there is no dockerd on PATH; ${GET_ONE}`;
  if (!mayRunDockerd(readFileSync('/proc/self/status', 'utf8')))
    return `no Docker engine answers, and this user may not start one; ${GET_ONE}`;
  try {
    return await startOwnEngine();
  } catch (error) {
    // A kernel or a container may lack what dockerd needs; only dockerd knows all of that.
    if (error instanceof ImagesError) return `no Docker engine answers, and ${error.message}; ${GET_ONE}`;
    throw error;
  }
};
