import { OwnSystem } from '@wiber/harness';
import { startMeter } from '../growth/call.meter.ts';
import { GrowingStore } from '../growth/growing.store.ts';
import { goalsOf } from './growth.goals.ts';
import {
  FIRST_SIZE,
  TITLE_OF_IDS,
  laterSizes,
  type CallCost,
  type CallRate,
  type GrowthPoint,
  type GrowthSeries,
} from '../growth/growth.point.ts';
import type { IdOrder, Workload } from '../load/growth.workload.ts';
import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import { GROWTH_CALLS, type GrowthCall } from '../load/load.job.ts';
import { spreadOf } from '../statistics.ts';
import type { BenchRun } from '../system/bench.context.ts';
import { round, type FigureResult, type OwnSystemsFigure } from './figure.ts';

const READERS = 32;
const SENDERS = 128;
/** Messages of which a drain is measured. */
const DRAIN = 300_000;
/** Posts may have filled the store beyond its next size; a drain needs some messages all the same. */
const DRAIN_MIN = 5000;

interface Growth {
  run: BenchRun;
  system: OwnSystem;
  workload: Workload;
  store: GrowingStore;
}

const costText = ({ gatewayCpu, mongodCpu, pagesRead }: CallCost): string =>
  `gateway ${gatewayCpu.toFixed(3)} and mongod ${mongodCpu.toFixed(3)} CPU-s for 1,000, ${pagesRead.toFixed(1)} pages read`;

/** Each load runs for a while before it is measured: until code is compiled, and the cache holds what this load reads. */
const measureCall = async (
  { run, system, workload, store }: Growth,
  call: GrowthCall,
  warmSeconds: number,
): Promise<CallRate> => {
  const { seconds, say, growth } = run;
  const costOf = await startMeter(system, store.reader);
  const result = await runLoad({
    url: system.urlOf('gateway'),
    connections: call === 'post' ? SENDERS : READERS,
    warmSeconds,
    seconds,
    request: { type: 'growth', call, workload, filled: store.filled, limit: growth.limit },
  });
  const cost = await costOf(result.handled);
  if (call === 'post') await store.settle();
  const answered = answeredWell(expectAllWell(result));
  const rate = { rate: answered / result.seconds, p50: result.p50, p99: result.p99 };
  say(
    `  ${call}: ${Math.round(rate.rate)}/s, p50 ${rate.p50.toFixed(2)} ms, p99 ${rate.p99.toFixed(1)} ms, ${costText(cost)}`,
  );
  return { ...rate, answerBytes: round(result.bodyBytes / answered, 0), cost };
};

const drain = async ({ run, store }: Growth, count: number): Promise<GrowthPoint['drain']> => {
  const result = await store.drain(count);
  const cpu = `mongod ${result.mongodCpu.toFixed(4)} and ingest ${result.ingestCpu.toFixed(4)} CPU-s for 1,000`;
  run.say(`  drain of ${count}: ${Math.round(result.rate)}/s, ${cpu}`);
  return result;
};

/** Everything but the drain. The sizes come first, because they take a checkpoint: none disturbs the reads then. */
const measureAt = async (growth: Growth, size: number): Promise<Omit<GrowthPoint, 'drain'>> => {
  const sizes = await growth.store.reader.sizes();
  growth.run.say(`${growth.workload.ids}: measuring with ${sizes.messages} stored`);
  const { seconds } = growth.run;
  // At the first size the processes are new, and none of their code is compiled.
  const warmSeconds = size === FIRST_SIZE ? seconds : seconds / 3;
  const calls: Partial<GrowthPoint['calls']> = {};
  for (const call of GROWTH_CALLS) calls[call] = await measureCall(growth, call, warmSeconds);
  return { size, stored: sizes.messages, calls: calls as GrowthPoint['calls'], sizes };
};

/** Fills the store to a size and measures the last drain; with `isEmpty` the first drain as well. */
const fillTo = async (growth: Growth, size: number, isEmpty: boolean) => {
  const { run, store, workload } = growth;
  run.say(`${workload.ids}: filling the store to ${size}`);
  const missing = async () => size - (await store.reader.estimatedCount());
  const first = isEmpty ? await drain(growth, Math.max(DRAIN_MIN, Math.min(DRAIN, await missing()))) : undefined;
  const toFill = (await missing()) - DRAIN;
  if (toFill > 0) await store.fill(toFill);
  const left = await missing();
  const last = first && left <= 0 ? first : await drain(growth, Math.max(DRAIN_MIN, left));
  return { first, last };
};

const grow = async (growth: Growth): Promise<GrowthPoint[]> => {
  await growth.store.fill(FIRST_SIZE);
  const start = await measureAt(growth, FIRST_SIZE);
  const points: GrowthPoint[] = [];
  for (const [index, size] of laterSizes(growth.run.growth.stored).entries()) {
    const drains = await fillTo(growth, size, index === 0);
    if (drains.first) points.push({ ...start, drain: drains.first });
    points.push({ ...(await measureAt(growth, size)), drain: drains.last });
  }
  return points;
};

const growWith = async (run: BenchRun, ids: IdOrder): Promise<GrowthSeries> => {
  const { stored, pace } = run.growth;
  // The last message has the time of now.
  const workload = { ids, pace, startMs: Date.now() - Math.ceil((stored * 1000) / pace) };
  const system = await OwnSystem.start();
  try {
    const store = await GrowingStore.open({ system, workload, say: run.say });
    const points = await grow({ run, system, workload, store });
    await store.close();
    return { ids, points };
  } finally {
    await system.close();
  }
};

/** A new system for each order of ids. Its drain at the last size stands for it in the table of all figures. */
export const GROWTH: OwnSystemsFigure = {
  name: 'growth',
  title: 'a growing store',
  measure: async (run) => {
    const results: FigureResult[] = [];
    for (const ids of run.growth.ids) {
      const growth = await growWith(run, ids);
      const { size, drain: last } = growth.points.at(-1)!;
      results.push({
        title: `ingest draining a backlog with ${size.toLocaleString('en')} stored, ${TITLE_OF_IDS[ids]}`,
        unit: 'messages/s',
        wiber: spreadOf([last.rate]),
        goals: goalsOf(growth),
        growth,
      });
    }
    return results;
  },
};
