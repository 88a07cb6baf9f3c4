import type { Docker } from './docker.engine.ts';

/** Waits before each start of a container that ended: the first is at once, then 10 s, twice as long each time, at most 300 s. */
const FIRST_SECONDS = 10;
const MOST_SECONDS = 300;
/** A container that ran for so long is started at once again. */
const HEALTHY_SECONDS = 600;

/**
 * How long a kubelet waits before it starts a container again.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts
 */
export class RestartBackoff {
  private restarts = 0;

  /** @param ranSeconds how long the container ran before it ended */
  nextSeconds(ranSeconds: number): number {
    if (ranSeconds >= HEALTHY_SECONDS) this.restarts = 0;
    this.restarts += 1;
    return this.restarts === 1 ? 0 : Math.min(FIRST_SECONDS * 2 ** (this.restarts - 2), MOST_SECONDS);
  }
}

/** Resolves once the container has ended: why, as a kubelet would say. */
export const endOf = async (docker: Docker, container: string): Promise<'ended' | 'killed for its memory'> => {
  await docker(['wait', container], Infinity);
  const killed = await docker(['inspect', '--format', '{{.State.OOMKilled}}', container]);
  return killed === 'true' ? 'killed for its memory' : 'ended';
};
