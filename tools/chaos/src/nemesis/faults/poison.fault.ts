import { DEFAULT_TOPIC } from '@wiber/contracts';
import { Random } from '../../random.ts';
import type { Fault, FaultContext, InjectedFault } from '../fault.ts';
import { POISON_KINDS, makePoison } from '../kafka/poison.record.ts';

/** The time between two poison records, in milliseconds. */
const INTERVAL_MS: [number, number] = [50, 300];

/** Appends one poison record of a random kind. Resolves to its kind and position; undefined when no id was used yet. */
export const appendPoison = async (
  { poison, pickAcked }: FaultContext,
  random: Random,
): Promise<string | undefined> => {
  const used = pickAcked(random);
  if (!used) return undefined;
  const kind = random.pick(POISON_KINDS);
  return `${kind} at ${await poison.append(makePoison(kind, used, random))}`;
};

/** Appends poison among the messages until it is healed. */
export const POISON_FAULT: Fault = {
  name: 'poison',
  durationMs: [2000, 6000],
  inject: async (context): Promise<InjectedFault> => {
    const random = new Random(context.random.whole(1, 1_000_000));
    const appended: string[] = [];
    let running = true;
    const appending = (async () => {
      while (running) {
        const record = await appendPoison(context, random);
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
  },
};
