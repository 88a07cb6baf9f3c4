import { DEFAULT_TOPIC } from '@wiber/contracts';
import { Random } from '../../random.ts';
import type { Fault, InjectedFault } from '../fault.ts';
import { FOREIGN_KINDS, makeForeign } from '../kafka/foreign.record.ts';

/** The time between two foreign records, in milliseconds. */
const INTERVAL_MS: [number, number] = [50, 300];

/** Appends records as other producers may write them, each kind in turn, until it is healed. */
export const FOREIGN_FAULT: Fault = {
  name: 'foreign-records',
  durationMs: [3000, 8000],
  inject: async ({ poison, random: outer }): Promise<InjectedFault> => {
    const random = new Random(outer.whole(1, 1_000_000));
    const appended: string[] = [];
    let running = true;
    const appending = (async () => {
      for (let turn = 0; running; turn += 1) {
        const kind = FOREIGN_KINDS[turn % FOREIGN_KINDS.length]!;
        appended.push(`${kind} at ${await poison.appendForeign(makeForeign(kind, random))}`);
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
  },
};
