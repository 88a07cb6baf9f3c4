import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_DATABASE } from '@wiber/contracts';
import { OwnSystem } from '@wiber/harness';
import { STORE_AWAY } from './figures/store-away.figure.ts';
import { CPU } from './figures/cpu.figure.ts';
import { isMet, type Figure, type FigureResult } from './figures/figure.ts';
import { INGEST_DRAIN } from './figures/drain.figure.ts';
import { PAGE_1, PAGE_32 } from './figures/page.figure.ts';
import { POISON_DELAY } from './figures/poison.figure.ts';
import { POST_1, POST_128, POST_32 } from './figures/post.figure.ts';
import { READABLE } from './figures/readable.figure.ts';
import { SOAK } from './figures/soak.figure.ts';
import { START } from './figures/start.figure.ts';
import { machineOf } from './report/machine.ts';
import { plotOf } from './report/report.plot.ts';
import { tableOf } from './report/report.table.ts';
import type { BenchOptions } from './system/bench.context.ts';
import { openStore } from './system/bench.system.ts';

const FIGURES = [
  POST_128,
  POST_32,
  POST_1,
  PAGE_32,
  PAGE_1,
  CPU,
  READABLE,
  INGEST_DRAIN,
  START,
  POISON_DELAY,
  STORE_AWAY,
];
const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

const USAGE = `npm run bench -- [--figures ${FIGURES.map(({ name }) => name).join(',')}] [--runs 5] [--seconds 6]
  [--backlog 200000] [--soak MINUTES: only the soak] [--away 120: seconds that MongoDB is down] [--out bench-results]`;

const readArguments = (): { figures: Figure[]; options: BenchOptions; out: string } => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { figures: text, runs: text, seconds: text, backlog: text, soak: text, away: text, out: text },
  });
  const whole = (name: 'runs' | 'seconds' | 'backlog' | 'soak' | 'away', otherwise: number): number => {
    const value = values[name];
    if (value === undefined) return otherwise;
    if (!/^[1-9]\d{0,7}$/.test(value)) throw new Error(`--${name} must be a whole number from 1`);
    return Number(value);
  };
  const names = values.figures?.split(',');
  const figures = FIGURES.filter(({ name }) => names === undefined || names.includes(name));
  const unknown = names?.find((name) => !FIGURES.some((figure) => figure.name === name));
  if (unknown !== undefined) throw new Error(`there is no figure ${unknown}`);
  const options = {
    runs: whole('runs', 5),
    seconds: whole('seconds', 6),
    backlog: whole('backlog', 200_000),
    soakMinutes: whole('soak', 30),
    awaySeconds: whole('away', 120),
  };
  return { figures: values.soak === undefined ? figures : [SOAK], options, out: values.out ?? 'bench-results' };
};

const write = (out: string, results: FigureResult[]): void => {
  mkdirSync(out, { recursive: true });
  const all = { at: new Date().toISOString(), machine: machineOf(), results };
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(out, 'results.md'), `${tableOf(results)}\n`);
  writeFileSync(join(out, 'results.svg'), plotOf(results));
};

const measureAll = async (): Promise<number> => {
  const { figures, options, out } = readArguments();
  say('starting real servers and the apps');
  const system = await OwnSystem.start();
  try {
    const store = await openStore(system.mongoUri, DEFAULT_DATABASE);
    const results: FigureResult[] = [];
    for (const [index, figure] of figures.entries()) {
      say(`figure ${index + 1} of ${figures.length}: ${figure.title}`);
      results.push(await figure.measure({ ...options, system, store, say }));
      write(out, results);
    }
    await store.close();
    process.stdout.write(`\n${tableOf(results)}\n\nresults.json, results.md and results.svg are in ${out}\n`);
    return results.every(({ goals }) => goals.every(isMet)) ? 0 : 1;
  } finally {
    await system.close();
  }
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await measureAll());
} catch (error) {
  const usage =
    (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') || /^(--|there is)/.test((error as Error).message);
  process.stderr.write(usage ? `bench: ${(error as Error).message}\n${USAGE}\n` : `bench: ${(error as Error).stack}\n`);
  process.exit(2);
}
