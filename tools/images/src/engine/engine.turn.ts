import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { dirname } from 'node:path';
import { ImagesError } from '../images.errors.ts';

const STEP_MS = 200;

export const isDockerd = (pid: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dockerd');
  } catch {
    return false;
  }
};

/** The pid in the file; undefined when there is no file: dockerd removes it as it ends, at any moment. */
const pidIn = (pidFile: string): string | undefined => {
  try {
    return readFileSync(pidFile, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

export interface Turn {
  isDockerd: (pid: string) => boolean;
  withinMs: number;
}

/**
 * Waits while another run has an engine on the data root of this pid file. dockerd also refuses to start beside a process that
 * has the pid of an earlier one, which after a kill may be any process: that file is removed.
 * @throws ImagesError when the other run takes too long
 */
export const awaitTurn = async (pidFile: string, { isDockerd: isRunning, withinMs }: Turn): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const pid = pidIn(pidFile);
    if (pid === undefined) return;
    if (!isRunning(pid)) return rmSync(pidFile, { force: true });
    if (performance.now() > deadline)
      throw new ImagesError(`another dockerd, pid ${pid}, has ${dirname(pidFile)}; end it, or set another WIBER_CACHE`);
    await wait(STEP_MS);
  }
};
