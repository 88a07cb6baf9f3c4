import { until } from '../children.ts';
import { spreadOf } from '../statistics.ts';
import { deadLettersOf, inTurn, round, storedCount, type Bench, type Figure } from './figure.ts';
import { ingesting, seed } from './ingest.figure.ts';

const SIZE = 10_000;
const POISON = { key: 'poison', value: 'not json' };
const TOPICS = { wiber: 'bench-poisoned', bare: 'bench-pure' };

/** From the first message stored to the last, in milliseconds, as the documents say. */
const storing = (bench: Bench, { topic, run }: { topic: string; run: number }): Promise<number> =>
  ingesting(bench, { topic, who: 'wiber', run }, async (store) => {
    await until(async () => (await storedCount({ store })) >= SIZE, {
      what: `${SIZE} messages are stored`,
      withinMs: 60_000,
      everyMs: 20,
    });
    const [first, last] = await Promise.all(
      ([1, -1] as const).map((storedAt) => store.messages.findOne({}, { sort: { storedAt } })),
    );
    const ms = last!.storedAt - first!.storedAt;
    bench.say(`poison: ${topic} run ${run + 1}: ${ms} ms from the first to the last`);
    return ms;
  });

export const POISON_DELAY: Figure = {
  name: 'poison',
  title: 'a poison record in the middle of 10,000',
  measure: async (bench) => {
    await seed(bench, { topic: TOPICS.wiber, size: SIZE, poison: POISON });
    await seed(bench, { topic: TOPICS.bare, size: SIZE });
    const runs = Math.min(3, bench.runs);
    const { wiber, bare } = await inTurn(runs, {
      wiber: (run) => storing(bench, { topic: TOPICS.wiber, run }),
      bare: (run) => storing(bench, { topic: TOPICS.bare, run }),
    });
    const letters = await deadLettersOf(bench, TOPICS.wiber);
    const delays = wiber.runs.map((ms, run) => ms - bare.runs[run]!);
    return {
      title: `a poison record in the middle of ${SIZE.toLocaleString('en')}: how much later the last other is stored`,
      unit: 'ms',
      wiber: spreadOf(delays),
      detail: { poisonedMs: wiber, pureMs: bare },
      goals: [
        { what: 'ms later', got: round(spreadOf(delays).median), reach: 1000, type: 'at-most' },
        { what: 'dead letters of each run', got: letters / runs, reach: 1, type: 'at-least' },
      ],
    };
  },
};
