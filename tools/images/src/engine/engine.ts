import { userInfo } from 'node:os';
import { isOnPath, tryCommand } from './command.run.ts';
import { startOwnEngine } from './own.engine.ts';

/** A Docker engine that answers. */
export interface Engine {
  /** As DOCKER_HOST takes it; undefined for the one that the docker command finds by itself. */
  host: string | undefined;
  /** Whether this process has started it: then nothing else runs in it, and it pulls no image. */
  isOwn: boolean;
  /** Ends an engine of one's own with all its containers. */
  close: () => Promise<void>;
}

const GET_ONE =
  'start a Docker engine, or install one (Debian: docker.io docker-compose debootstrap) and run this as root';

/**
 * The engine that runs, else one of our own, which takes root and dockerd.
 * @returns one line that says why there is none, and how to get one
 */
export const findEngine = async (): Promise<Engine | string> => {
  if (!isOnPath('docker')) return `there is no docker on PATH; ${GET_ONE}`;
  const running = await tryCommand(['docker', 'version'], { within: 15_000 });
  if (running.code === 0) return { host: undefined, isOwn: false, close: async () => undefined };
  if (!isOnPath('dockerd')) return `no Docker engine answers, and there is no dockerd on PATH; ${GET_ONE}`;
  if (userInfo().uid !== 0) return `no Docker engine answers, and only root may start one; ${GET_ONE}`;
  return startOwnEngine().catch(
    (error: unknown) => `no Docker engine answers, and ${(error as Error).message}; ${GET_ONE}`,
  );
};
