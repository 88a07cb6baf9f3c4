import { get } from 'node:http';
import type { Probe } from '../checker/observation.ts';

/** Far above what a gateway needs on a busy machine, and below what an orchestrator's failed probes add up to. */
export const LIVENESS_WITHIN_MS = 5000;

/** Asks on a connection of its own, as an orchestrator does. Never rejects. */
export const isAlive = (url: string, withinMs = LIVENESS_WITHIN_MS): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(`${url}/health/liveness`, { agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode === 200));
      answer.once('error', () => resolve(false));
    });
    request.once('error', () => resolve(false));
    // The time of the whole probe: a time-out of the socket would begin anew with each byte.
    const limit = setTimeout(() => request.destroy(new Error('no answer in time')), withinMs);
    request.once('close', () => clearTimeout(limit));
  });

/** Probes one gateway, again and again, until `stop`. */
export class LivenessProbe {
  private readonly probing: Promise<void>;
  private stopping = false;

  /** @param record takes each result */
  constructor(probe: () => Promise<Probe>, record: (result: Probe) => void, intervalMs = 250) {
    this.probing = (async () => {
      while (!this.stopping) {
        record(await probe());
        await new Promise<void>((resolve) => setTimeout(resolve, intervalMs));
      }
    })();
  }

  /** Resolves once the last probe is answered. */
  stop(): Promise<void> {
    this.stopping = true;
    return this.probing;
  }
}
