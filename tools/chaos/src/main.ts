import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './checker/checker.ts';
import { runChaos, type ChaosOptions } from './chaos.run.ts';
import { UsageError } from './chaos.errors.ts';
import { USAGE, readCommandLine, type Call } from './command.line.ts';
import { caughtBy, runPlanted, type PlantedResult } from './mutation-scenarios/mutant.run.ts';
import { plantedTable, plantedText } from './report/mutant.report.ts';
import { Progress } from './progress.ts';
import { reportOf } from './report/report.data.ts';
import { pageOf } from './report/report.page.ts';
import { textOf } from './report/report.text.ts';

const write = (out: string, files: Record<string, string>): void => {
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const runOnce = async (options: ChaosOptions, out: string, progress: Progress): Promise<number> => {
  progress.say(`seed ${options.seed}: the same seed draws the same faults`);
  const run = await runChaos(options, progress);
  progress.phase('checking');
  const verdicts = check(run.observation);
  const report = reportOf(run, verdicts, new Date());
  write(out, { 'report.json': json(report), 'report.html': pageOf(report) });
  progress.end();
  process.stdout.write(`\n${textOf(run, verdicts)}\nreport.html and report.json are in ${out}\n`);
  return verdicts.every(({ broken }) => broken === 0) ? 0 : 1;
};

const runBugs = async ({ bugs, without, out }: Call & { type: 'planted' }, progress: Progress): Promise<number> => {
  const results: PlantedResult[] = [];
  for (const bug of bugs) {
    const result = await runPlanted(bug, { without, progress });
    results.push(result);
    process.stdout.write(`${plantedText(result)}\n`);
    write(out, { 'planted.json': json(results), 'planted.md': `${plantedTable(results)}\n` });
  }
  progress.end();
  const right = results.filter((result) => caughtBy(result).length > 0 !== without);
  const verb = without ? 'hold without the bug' : 'are caught';
  process.stdout.write(`${right.length} of ${results.length} ${verb}\nplanted.json and planted.md are in ${out}\n`);
  return right.length === results.length ? 0 : 1;
};

const run = async (): Promise<number> => {
  const call = readCommandLine(process.argv.slice(2));
  if (call.type === 'help') process.stdout.write(USAGE);
  if (call.type === 'help') return 0;
  const progress = new Progress();
  return call.type === 'run' ? runOnce(call.options, call.out, progress) : runBugs(call, progress);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await run());
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  process.exit(2);
}
