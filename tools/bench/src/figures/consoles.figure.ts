import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_DATABASE } from '@wiber/contracts';
import { OwnSystem } from '@wiber/harness';
import { OpenConsoles } from '../consoles/open.consoles.ts';
import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import { cpuSecondsOfAll } from '../processes/process.usage.ts';
import { drained, openStore } from '../system/bench.system.ts';
import type { Bench } from '../system/bench.context.ts';
import { inTurn, round, type FigureResult, type OwnSystemsFigure } from './figure.ts';
import { post } from './post.figure.ts';

const CONSOLES = 20;
const CONNECTIONS = 128;
const PACED_PER_S = 5000;
/** Longer than processes take to learn that somebody looks, or that nobody does any more. */
const SETTLED_MS = 16_000;
const WARM_S = 10;
const TITLE = `POST /messages, ${CONNECTIONS} connections, with ${CONSOLES} consoles open (bare: with none)`;

/** Runs it while consoles are open. */
const watched = async <T>(bench: Bench, run: () => Promise<T>): Promise<T> => {
  const consoles = await OpenConsoles.open(bench.system.urlOf('gateway'), CONSOLES);
  try {
    await pause(SETTLED_MS / 4);
    const result = await run();
    if (consoles.bytes === 0) throw new Error('no console was told anything');
    return result;
  } finally {
    await consoles.close();
    await pause(SETTLED_MS);
  }
};

const postRate = async (bench: Bench, prefix: string): Promise<number> => {
  const result = await post(bench, { url: bench.system.urlOf('gateway'), connections: CONNECTIONS, prefix });
  const rate = answeredWell(result) / result.seconds;
  bench.say(`consoles ${prefix}: ${Math.round(rate)}/s, p99 ${result.p99.toFixed(1)} ms`);
  return rate;
};

/** CPU-seconds of all processes for each second of a paced load. */
const pacedCpu = async (bench: Bench, prefix: string): Promise<number> => {
  const { pids } = bench.system;
  const before = cpuSecondsOfAll(pids);
  const request = { type: 'post', prefix, conversations: 1000, contentBytes: 200 } as const;
  const url = bench.system.urlOf('gateway');
  const job = { url, connections: CONNECTIONS, seconds: 2 * bench.seconds, ratePerS: PACED_PER_S, request };
  const { seconds } = await drained(bench, async () => {
    const load = expectAllWell(await runLoad(job));
    return { ...load, acked: answeredWell(load) };
  });
  const used = [...cpuSecondsOfAll(pids)].reduce((sum, [name, cpu]) => sum + cpu - before.get(name)!, 0) / seconds;
  bench.say(`consoles ${prefix} at ${PACED_PER_S}/s: ${used.toFixed(3)} cores`);
  return used;
};

const compare = async (bench: Bench): Promise<FigureResult> => {
  const runs = Math.min(3, bench.runs);
  await postRate({ ...bench, seconds: WARM_S }, 'warm');
  const spreads = await inTurn(runs, {
    wiber: (run) => watched(bench, () => postRate(bench, `open-${run}`)),
    bare: (run) => postRate(bench, `none-${run}`),
  });
  const cpu = await inTurn(runs, {
    wiber: (run) => watched(bench, () => pacedCpu(bench, `paced-open-${run}`)),
    bare: (run) => pacedCpu(bench, `paced-none-${run}`),
  });
  const added = 100 * (cpu.ratio.median - 1);
  return {
    title: TITLE,
    unit: 'messages/s',
    ...spreads,
    detail: { 'cores at 5,000/s with consoles': round(cpu.wiber.median, 3), 'and without': round(cpu.bare.median, 3) },
    goals: [
      { what: 'of without', got: spreads.ratio.median, reach: 0.97, type: 'at-least' },
      { what: '% of processor time added at 5,000/s', got: round(added, 1), reach: 2, type: 'at-most' },
    ],
  };
};

/** What open consoles cost: the rate of sends, and the processor time of all processes at a rate that leaves some. */
export const CONSOLES_FIGURE: OwnSystemsFigure = {
  name: 'consoles',
  title: TITLE,
  measure: async (run) => {
    const system = await OwnSystem.start();
    try {
      const store = await openStore(system.mongoUri, DEFAULT_DATABASE);
      try {
        return [await compare({ ...run, system, store })];
      } finally {
        await store.close();
      }
    } finally {
      await system.close();
    }
  },
};
