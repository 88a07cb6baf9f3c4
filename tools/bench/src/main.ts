import { DEFAULT_DATABASE } from '@wiber/contracts';
import { makeResultsFolder } from '@wiber/evidence';
import { OwnSystem } from '@wiber/harness';
import { BenchArgumentError, USAGE, readArguments, type BenchArguments } from './bench.arguments.ts';
import { isMet, type FigureResult } from './figures/figure.ts';
import { reportOf, writeResults } from './report/report.writer.ts';
import { openStore } from './system/bench.system.ts';

const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

type Report = (results: FigureResult[]) => void;

const measureOwnSystems = async ({ ownSystemsFigures, options }: BenchArguments, report: Report): Promise<void> => {
  for (const figure of ownSystemsFigures) {
    say(`figure ${figure.name}: ${figure.title}`);
    report(await figure.measure({ ...options, say }));
  }
};

const measureOneSystem = async ({ figures, options }: BenchArguments, report: Report): Promise<void> => {
  if (figures.length === 0) return;
  say('starting real servers and the apps');
  const system = await OwnSystem.start();
  try {
    const store = await openStore(system.mongoUri, DEFAULT_DATABASE);
    for (const [index, figure] of figures.entries()) {
      say(`figure ${index + 1} of ${figures.length}: ${figure.title}`);
      report([await figure.measure({ ...options, system, store, say })]);
    }
    await store.close();
  } finally {
    await system.close();
  }
};

const claim = (out: string): void => {
  try {
    makeResultsFolder(out);
  } catch (cause) {
    throw new BenchArgumentError(`--out is '${out}', where no file can be written: ${(cause as Error).message}`, {
      cause,
    });
  }
};

const measureAll = async (args: BenchArguments): Promise<number> => {
  claim(args.out);
  const results: FigureResult[] = [];
  const report: Report = (more) => {
    results.push(...more);
    writeResults(args.out, results);
  };
  await measureOwnSystems(args, report);
  await measureOneSystem(args, report);
  process.stdout.write(`\n${reportOf(results)}\n\nresults.json, results.md and results.svg are in ${args.out}\n`);
  return results.every(({ goals }) => goals.every(isMet)) ? 0 : 1;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await measureAll(readArguments(process.argv.slice(2))));
} catch (error) {
  const isUsage = error instanceof BenchArgumentError;
  process.stderr.write(isUsage ? `bench: ${error.message}\n${USAGE}\n` : `bench: ${(error as Error).stack}\n`);
  process.exit(2);
}
