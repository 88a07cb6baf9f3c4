import { AppMetrics } from '@wiber/harness';
import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import { cpuSecondsOfAll } from '../processes/process.usage.ts';
import { median, spreadOf } from '../statistics.ts';
import { drained } from '../system/bench.system.ts';
import type { Bench } from '../system/bench.context.ts';
import { round, type Figure } from './figure.ts';

const METRIC = 'wiber_ingest_batch_records';

const measureOnce = async (bench: Bench, run: number) => {
  const { pids } = bench.system;
  const batches = async () => {
    const metrics = await AppMetrics.read(bench.system.urlOf('ingest'));
    return { records: metrics.sum(`${METRIC}_sum`), count: metrics.sum(`${METRIC}_count`) };
  };
  const batchesBefore = await batches();
  const before = cpuSecondsOfAll(pids);
  const result = await drained(bench, async () => {
    const request = { type: 'post', prefix: `cpu-${run}`, conversations: 1000, contentBytes: 200 } as const;
    const job = { url: bench.system.urlOf('gateway'), connections: 128, seconds: bench.seconds, request };
    const load = expectAllWell(await runLoad(job));
    return { ...load, acked: answeredWell(load) };
  });
  const after = cpuSecondsOfAll(pids);
  const batchesAfter = await batches();
  const batchRecords = (batchesAfter.records - batchesBefore.records) / (batchesAfter.count - batchesBefore.count);
  const thousands = result.acked / 1000;
  const perProcess = new Map([...after].map(([name, seconds]) => [name, (seconds - before.get(name)!) / thousands]));
  const total = [...perProcess.values()].reduce((sum, seconds) => sum + seconds, 0);
  bench.say(`cpu run ${run + 1}: ${total.toFixed(3)} s for 1,000 messages`);
  return { perProcess, total, load: result.cpuSeconds / thousands, batchRecords };
};

/** From the start of a load until ingest has stored all of it. The process of the load is reported, and not counted. */
export const CPU: Figure = {
  name: 'cpu',
  title: 'CPU-seconds for 1,000 messages sent and stored, 128 connections',
  measure: async (bench) => {
    const runs: Awaited<ReturnType<typeof measureOnce>>[] = [];
    for (let run = 0; run < Math.min(3, bench.runs); run += 1) runs.push(await measureOnce(bench, run));
    const names = [...runs[0]!.perProcess.keys()];
    const wiber = spreadOf(runs.map(({ total }) => total));
    return {
      title: 'CPU-seconds for 1,000 messages sent and stored, 128 connections',
      unit: 'CPU-s',
      wiber,
      detail: {
        ...Object.fromEntries(
          names.map((name) => [name, round(median(runs.map(({ perProcess }) => perProcess.get(name)!)), 4)]),
        ),
        'records of an ingest batch': round(median(runs.map(({ batchRecords }) => batchRecords)), 1),
        'load generator, not counted': round(median(runs.map(({ load }) => load)), 4),
      },
      goals: [{ what: 'CPU-s, the best rival', got: wiber.median, reach: 0.3, type: 'at-most' }],
    };
  },
};
