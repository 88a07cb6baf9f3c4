import { setTimeout as pause } from 'node:timers/promises';
import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import { cpuSecondsOf, residentMiBOf } from '../processes/process.usage.ts';
import { spreadOf } from '../statistics.ts';
import { drained } from '../system/bench.system.ts';
import { writeCommandsOf } from '../system/write.commands.ts';
import type { Bench } from '../system/bench.context.ts';
import { round, type Figure } from './figure.ts';

const RATE = 5000;
const IDLE_S = 30;
/** Longer than ingest takes to store the last messages, and the worker to count them. */
const SETTLED_MS = 5000;

/** Write commands a second while nobody sends anything. */
const idleWrites = async ({ system }: Bench): Promise<number> => {
  await pause(SETTLED_MS);
  const before = await writeCommandsOf(system);
  await pause(IDLE_S * 1000);
  return ((await writeCommandsOf(system)) - before) / IDLE_S;
};

const measureOnce = async (bench: Bench, run: number): Promise<number> => {
  const { system } = bench;
  const pid = system.pids.get('metrics-1')!;
  const before = cpuSecondsOf(pid);
  const request = { type: 'post', prefix: `metrics-${run}`, conversations: 1000, contentBytes: 200 } as const;
  const job = { url: system.urlOf('gateway'), connections: 128, seconds: 5 * bench.seconds, ratePerS: RATE, request };
  const { seconds } = await drained(bench, async () => {
    const load = expectAllWell(await runLoad(job));
    return { ...load, acked: answeredWell(load) };
  });
  await pause(SETTLED_MS);
  const share = (100 * (cpuSecondsOf(pid) - before)) / seconds;
  bench.say(`metrics run ${run + 1}: ${share.toFixed(1)} % of a core, ${Math.round(residentMiBOf(pid))} MiB`);
  return share;
};

/** What the one metrics worker, which leads, costs: counting what is sent, and leading while nothing is sent. */
export const METRICS: Figure = {
  name: 'metrics',
  title: `the leader of the metrics workers at ${RATE.toLocaleString('en')} messages/s, and idle`,
  measure: async (bench) => {
    const writes = await idleWrites(bench);
    const runs: number[] = [];
    for (let run = 0; run < Math.min(3, bench.runs); run += 1) runs.push(await measureOnce(bench, run));
    const share = spreadOf(runs);
    return {
      title: `CPU of the leader of the metrics workers at ${RATE.toLocaleString('en')} messages/s`,
      unit: '% of a core',
      wiber: share,
      goals: [
        { what: '% of a core', got: round(share.median, 1), reach: 5, type: 'at-most' },
        { what: 'write commands a second, idle', got: round(writes), reach: 2, type: 'at-most' },
      ],
    };
  },
};
