import { writeBacklog } from '../backlog/backlog.writer.ts';
import { withIngest } from '../backlog/ingest.run.ts';
import { until } from '../processes/child.process.ts';
import { spreadOf } from '../statistics.ts';
import { deadLettersOf } from '../system/bench.system.ts';
import type { Bench } from '../system/bench.context.ts';
import { inTurn, round, type Figure } from './figure.ts';

const SIZE = 10_000;
const POISON = { key: 'poison', value: 'not json' };
const TOPICS = { wiber: 'bench-poisoned', bare: 'bench-pure' };

/** Milliseconds from the first stored message to the last, by the times in the documents. */
const storingMs = (bench: Bench, { topic, run }: { topic: string; run: number }): Promise<number> =>
  withIngest(bench.system, { topic, who: 'wiber', run }, async (store) => {
    await until(async () => (await store.estimatedCount()) >= SIZE, {
      what: `${SIZE} messages are stored`,
      withinMs: 60_000,
      everyMs: 20,
    });
    const ms = await store.storedSpanMs();
    bench.say(`poison: ${topic} run ${run + 1}: ${ms} ms from the first to the last`);
    return ms;
  });

export const POISON_DELAY: Figure = {
  name: 'poison',
  title: 'a poison record in the middle of 10,000',
  measure: async (bench) => {
    await writeBacklog(bench.system, { topic: TOPICS.wiber, size: SIZE, poison: POISON });
    await writeBacklog(bench.system, { topic: TOPICS.bare, size: SIZE });
    const runs = Math.min(3, bench.runs);
    const { wiber, bare } = await inTurn(runs, {
      wiber: (run) => storingMs(bench, { topic: TOPICS.wiber, run }),
      bare: (run) => storingMs(bench, { topic: TOPICS.bare, run }),
    });
    const letters = await deadLettersOf(bench.system, TOPICS.wiber);
    const delays = wiber.runs.map((ms, run) => ms - bare.runs[run]!);
    return {
      title: `a poison record in the middle of ${SIZE.toLocaleString('en')}: delay until the last sound message is stored`,
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
