import { DEFAULT_TOPIC } from '@wiber/contracts';
import { Random } from '../../random.ts';
import { POISON_KINDS, poisonOf } from '../kafka/poison.producer.ts';
import type { Fault, FaultContext, Injected } from '../fault.ts';

/** Between two records, in milliseconds. */
const EVERY_MS: [number, number] = [50, 300];

/** Appends poison of a drawn kind to a drawn conversation; resolves to what it was and where it lies. */
export const appendPoison = async (
  { poison, someAcked }: FaultContext,
  random: Random,
): Promise<string | undefined> => {
  const used = someAcked(random);
  if (!used) return undefined;
  const kind = random.pick(POISON_KINDS);
  return `${kind} at ${await poison.append(poisonOf(kind, used, random))}`;
};

/** Poison among the messages, for as long as it lasts. */
export const POISON: Fault = {
  name: 'poison',
  lastsMs: [2000, 6000],
  inject: async (context): Promise<Injected> => {
    const random = new Random(context.random.whole(1, 1_000_000));
    const appended: string[] = [];
    let going = true;
    const working = (async () => {
      while (going) {
        const said = await appendPoison(context, random);
        if (said !== undefined) appended.push(said);
        await new Promise<void>((resolve) => setTimeout(resolve, random.whole(...EVERY_MS)));
      }
    })();
    return {
      target: DEFAULT_TOPIC,
      heal: async () => {
        going = false;
        await working;
      },
      evidence: () => `${appended.length} records: ${appended.join(', ')} (partition/offset)`,
    };
  },
};
