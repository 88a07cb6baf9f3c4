import type { StoreReader } from '@wiber/evidence';
import { writeBacklog } from '../backlog/backlog.writer.ts';
import { withIngest, type IngestRun } from '../backlog/ingest.run.ts';
import { until } from '../processes/child.process.ts';
import type { Bench } from '../system/bench.context.ts';
import { inTurn, type Figure } from './figure.ts';

/** Messages a second, from the first count that is not 0 to the last message. */
const drainRate = async (store: StoreReader, backlog: number): Promise<number> => {
  let first: { at: number; count: number } | undefined;
  await until(
    async () => {
      const count = await store.estimatedCount();
      if (count > 0) first ??= { at: performance.now(), count };
      return count >= backlog;
    },
    { what: `the backlog of ${backlog} is stored`, withinMs: 240_000, everyMs: 10 },
  );
  return (backlog - first!.count) / ((performance.now() - first!.at) / 1000);
};

/** The rate of one run, in messages a second. */
export const drain = (bench: Bench, run: IngestRun): Promise<number> =>
  withIngest(bench.system, run, async (store) => {
    const rate = await drainRate(store, bench.backlog);
    bench.say(`drain ${run.who} run ${run.run + 1}: ${Math.round(rate)} messages/s`);
    return rate;
  });

export const INGEST_DRAIN: Figure = {
  name: 'drain',
  title: 'ingest draining a backlog, all indexes',
  measure: async (bench) => {
    const topic = 'bench-drain';
    bench.say(`drain: writing a backlog of ${bench.backlog}`);
    await writeBacklog(bench.system, { topic, size: bench.backlog });
    const spreads = await inTurn(Math.min(3, bench.runs), {
      wiber: (run) => drain(bench, { topic, who: 'wiber', run }),
      bare: (run) => drain(bench, { topic, who: 'bare', run }),
    });
    return {
      title: `ingest draining a backlog of ${bench.backlog.toLocaleString('en')}, all indexes`,
      unit: 'messages/s',
      ...spreads,
      goals: [
        { what: 'of bare', got: spreads.ratio.median, reach: 0.7, type: 'at-least' },
        { what: 'messages/s', got: spreads.wiber.median, reach: 12_000, type: 'at-least' },
      ],
    };
  },
};
