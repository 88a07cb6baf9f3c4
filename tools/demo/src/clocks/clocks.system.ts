import { eventually, hasFaketime } from '@wiber/harness';
import { Cluster } from '../cluster.ts';
import { DemoError } from '../demo.errors.ts';
import type { Story } from '../report/story.ts';
import type { RunClock } from '../run.clock.ts';
import { orStop } from '../stop.signal.ts';
import { requireWhole } from '../whole.ts';
import { COUNTS, offsetsOf, wrongClocksOf } from './clocks.plan.ts';
import { signedSeconds } from './report/signed.seconds.ts';
import { ConversationClient } from './talk/conversation.client.ts';

export interface ClocksStage {
  story: Story;
  clock: RunClock;
  /** Ends the run: it rejects with the reason of the signal. */
  signal: AbortSignal;
}

/** A running system whose two gateways have wrong clocks. */
export interface ClocksSystem {
  cluster: Cluster;
  clients: ReadonlyMap<string, ConversationClient>;
}

const WHOLE_WITHIN_MS = 120_000;

export const NO_FAKETIME =
  'wrong clocks need libfaketime, which this machine lacks; install it (Debian: libfaketime) or set FAKETIME_LIB to ' +
  'libfaketime.so.1';

/**
 * Starts a system, does the work, and ends the system.
 * @throws DemoError when this machine has no libfaketime, or the system is not whole
 */
export const withClocks = async <T>(
  skewS: number,
  { story, signal }: ClocksStage,
  work: (system: ClocksSystem) => Promise<T>,
): Promise<T> => {
  const clocks = wrongClocksOf(skewS);
  if (Object.keys(clocks).length > 0 && !hasFaketime()) throw new DemoError(NO_FAKETIME);
  const gateways = Object.entries(offsetsOf(skewS)).map(([name, seconds]) => `${name} at ${signedSeconds(seconds, 0)}`);
  story.tell(`starting a system of its own: 1 broker, 1 mongod, 1 ingest, 1 metrics worker, ${gateways.join(', ')}`);
  const cluster = await Cluster.start(COUNTS, { env: {}, signal, clocks });
  try {
    const clients = new Map(
      cluster.gateways.map(({ instance, url }) => [instance, new ConversationClient(instance, url)]),
    );
    const begin = async () => {
      await eventually(() => requireWhole(cluster), { within: WHOLE_WITHIN_MS }).catch((cause: Error) => {
        throw new DemoError(`the system is not whole: ${cause.message}`, { cause });
      });
      story.tell('the system is whole');
      return work({ cluster, clients });
    };
    return await orStop(signal, begin());
  } finally {
    await cluster.close();
  }
};
