import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeResultsFolder } from '@wiber/evidence';
import { FAKETIME_ADVICE, hasFaketime } from '@wiber/harness';
import { UsageError } from './chaos.errors.ts';
import type { ChaosOptions } from './chaos.options.ts';
import { runChaos } from './chaos.run.ts';
import { check } from './checker/checker.ts';
import { USAGE, readCommandLine, type Command } from './command.line.ts';
import { brokenPromises, runMutant, type MutantResult } from './mutation-scenarios/mutant.run.ts';
import { Progress } from './progress.ts';
import { mutantTable, mutantText } from './report/mutant.report.ts';
import { reportOf } from './report/report.data.ts';
import { pageOf } from './report/report.page.ts';
import { textOf } from './report/report.text.ts';

const claim = (out: string): void => {
  try {
    makeResultsFolder(out);
  } catch (cause) {
    throw new UsageError(`--out is '${out}', where no file can be written: ${(cause as Error).message}`, { cause });
  }
};

const write = (out: string, files: Record<string, string>): void => {
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const runOnce = async (options: ChaosOptions, out: string, progress: Progress): Promise<number> => {
  progress.say(`seed ${options.seed}: the same seed draws the same messages and faults`);
  if (!hasFaketime()) progress.say(`the clocks of brokers and mongods stay right; to move them, ${FAKETIME_ADVICE}`);
  const run = await runChaos(options, progress);
  progress.showPhase('checking');
  const verdicts = check(run.observation);
  const report = reportOf(run, verdicts, new Date());
  progress.end();
  // First: the files may fail, for example on a disk that is full by now.
  process.stdout.write(`\n${textOf(run, verdicts)}\n`);
  write(out, { 'report.json': json(report), 'report.html': pageOf(report) });
  process.stdout.write(`report.html and report.json are in ${out}\n`);
  return verdicts.every(({ broken }) => broken === 0) ? 0 : 1;
};

type MutantsCommand = Command & { type: 'mutants' };

const runMutants = async ({ mutants, without, out }: MutantsCommand, progress: Progress): Promise<number> => {
  const results: MutantResult[] = [];
  for (const mutant of mutants) {
    const result = await runMutant(mutant, { without, progress });
    results.push(result);
    process.stdout.write(`${mutantText(result)}\n`);
    write(out, { 'mutants.json': json(results), 'mutants.md': `${mutantTable(results)}\n` });
  }
  progress.end();
  const passed = results.filter((result) => brokenPromises(result).length > 0 !== without);
  const verb = without ? 'keep every promise without the bug' : 'are caught';
  process.stdout.write(`${passed.length} of ${results.length} ${verb}\nmutants.json and mutants.md are in ${out}\n`);
  return passed.length === results.length ? 0 : 1;
};

const run = async (): Promise<number> => {
  const command = readCommandLine(process.argv.slice(2));
  if (command.type === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  claim(command.out);
  const progress = new Progress();
  return command.type === 'run' ? runOnce(command.options, command.out, progress) : runMutants(command, progress);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await run());
} catch (error) {
  process.stderr.write(`chaos: ${error instanceof UsageError ? error.message : (error as Error).stack}\n`);
  process.exit(2);
}
