import { get } from 'node:http';
import { residentMiBOf } from '../processes/process.usage.ts';

const EVERY_MS = 25;
/** A probe that takes longer counts as this long. */
const GIVE_UP_MS = 10_000;

/** Milliseconds until liveness was answered, on a connection of its own as an orchestrator's probe has. */
const probe = (url: string): Promise<number> =>
  new Promise((resolve) => {
    const from = performance.now();
    const request = get(`${url}/health/liveness`, { agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode === 200 ? performance.now() - from : GIVE_UP_MS));
    });
    const limit = setTimeout(() => request.destroy(), GIVE_UP_MS);
    request.once('error', () => resolve(GIVE_UP_MS));
    request.once('close', () => clearTimeout(limit));
  });

export interface GatewayWatch {
  /** The time of each probe, in milliseconds. */
  livenessMs: number[];
  /** The largest resident memory, in MiB. */
  residentMiB: number;
}

/** Probes a gateway and looks at its memory, one probe after the other, until `stop`. */
export const watchGateway = (url: string, pid: number): { stop: () => Promise<GatewayWatch> } => {
  const watch: GatewayWatch = { livenessMs: [], residentMiB: 0 };
  let isStopping = false;
  const watching = (async () => {
    while (!isStopping) {
      watch.livenessMs.push(await probe(url));
      watch.residentMiB = Math.max(watch.residentMiB, residentMiBOf(pid));
      await new Promise<void>((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      isStopping = true;
      await watching;
      return watch;
    },
  };
};
