import { answeredWell, runLoad } from '../load/load.client.ts';
import { residentMiBOf } from '../processes/process.usage.ts';
import { median, spreadOf } from '../statistics.ts';
import { drained } from '../system/bench.system.ts';
import { findLoss } from '../system/message.loss.ts';
import type { Bench } from '../system/bench.context.ts';
import { round, type Figure, type Goal } from './figure.ts';

const CONVERSATIONS = 1000;
const PREFIX = 'soak';
const SAMPLE_MS = 5000;

type Samples = Map<string, number[]>;

/** Samples the resident memory of each process every 5 s, until `stop`. */
const sampleMemory = (bench: Bench): { samples: Samples; stop: () => void } => {
  const samples: Samples = new Map([...bench.system.pids.keys()].map((name) => [name, []]));
  const from = Date.now();
  let count = 0;
  const timer = setInterval(() => {
    for (const [name, pid] of bench.system.pids) samples.get(name)?.push(residentMiBOf(pid));
    count += 1;
    if (count % 12 !== 0) return;
    const now = [...samples].map(([name, values]) => `${name} ${Math.round(values.at(-1)!)}`).join(', ');
    void bench.store.estimatedCount().then((stored) => {
      bench.say(`soak minute ${Math.round((Date.now() - from) / 60_000)}: stored ${stored}; MiB ${now}`);
    });
  }, SAMPLE_MS);
  return { samples, stop: () => clearInterval(timer) };
};

/** Growth of the memory from the second quarter to the last. The first quarter is warm-up. */
const growthOf = (values: number[]): number => {
  const quarter = Math.floor(values.length / 4);
  return median(values.slice(-quarter)) / median(values.slice(quarter, 2 * quarter)) - 1;
};

export const SOAK: Figure = {
  name: 'soak',
  title: 'soak at a steady rate',
  measure: async (bench) => {
    const { samples, stop } = sampleMemory(bench);
    const request = { type: 'post', prefix: PREFIX, conversations: CONVERSATIONS, contentBytes: 200 } as const;
    const result = await drained(bench, async () => {
      const seconds = bench.soakMinutes * 60;
      const load = await runLoad({
        url: bench.system.urlOf('gateway'),
        connections: 64,
        seconds,
        ratePerS: bench.soakRate,
        request,
      });
      return { ...load, acked: answeredWell(load) };
    }).finally(stop);
    const { lost, doubled } = await findLoss(bench, result, { prefix: PREFIX, conversations: CONVERSATIONS });
    const apps = [...samples].filter(([name]) => /^(gateway|ingest|metrics)-/.test(name));
    const goals: Goal[] = [
      { what: 'acknowledged and lost', got: lost, reach: 0, type: 'at-most' },
      { what: 'stored twice', got: doubled, reach: 0, type: 'at-most' },
      ...apps.map(([name, values]): Goal => {
        return { what: `growth of ${name}, %`, got: round(growthOf(values) * 100, 1), reach: 10, type: 'at-most' };
      }),
    ];
    return {
      title: `soak of ${bench.soakMinutes} minutes at ${bench.soakRate.toLocaleString('en')} messages/s, acknowledged`,
      unit: 'messages/s',
      wiber: spreadOf([result.acked / result.seconds]),
      detail: {
        sent: result.sent,
        statuses: result.statuses,
        p50: result.p50,
        p99: result.p99,
        medianMiB: Object.fromEntries([...samples].map(([name, values]) => [name, round(median(values), 1)])),
        memoryMiB: Object.fromEntries([...samples].map(([name, values]) => [name, values.map((one) => round(one, 1))])),
      },
      goals,
    };
  },
};
