import { DEFAULT_TOPIC } from '@wiber/contracts';
import { Random } from '../../random.ts';
import type { FaultContext, InjectedFault } from '../fault.ts';

/** The time between two records, in milliseconds. */
const INTERVAL_MS: [number, number] = [50, 300];

/**
 * Appends records among the messages, one after the other, until it is healed.
 * @param append resolves to what the evidence says of the record; undefined when none was appended. `turn` counts from 0.
 */
export const appendUntilHealed = (
  { random: outer }: FaultContext,
  append: (random: Random, turn: number) => Promise<string | undefined>,
): InjectedFault => {
  const random = new Random(outer.whole(1, 1_000_000));
  const appended: string[] = [];
  let running = true;
  const appending = (async () => {
    for (let turn = 0; running; turn += 1) {
      const record = await append(random, turn);
      if (record !== undefined) appended.push(record);
      await new Promise<void>((resolve) => setTimeout(resolve, random.whole(...INTERVAL_MS)));
    }
  })();
  return {
    target: DEFAULT_TOPIC,
    heal: async () => {
      running = false;
      await appending;
    },
    findEvidence: () => `${appended.length} records: ${appended.join(', ')} (partition/offset)`,
  };
};
