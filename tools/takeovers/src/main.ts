import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeResultsFolder } from '@wiber/evidence';
import { check } from './checker/takeover.checker.ts';
import { USAGE, readCommandLine, type TakeoverOptions } from './command.line.ts';
import { planText, planTakeovers } from './plan/takeover.plan.ts';
import { reportOf } from './report/report.data.ts';
import { textOf } from './report/report.text.ts';
import { runTakeovers } from './run/takeover.run.ts';
import { RunError, UsageError } from './takeovers.errors.ts';

const say = (line: string): void => void process.stderr.write(`takeovers: ${line}\n`);

const claim = (out: string): void => {
  try {
    makeResultsFolder(out);
  } catch (cause) {
    throw new UsageError(`--out is '${out}', where no file can be written: ${(cause as Error).message}`, { cause });
  }
};

const runAll = async (options: TakeoverOptions): Promise<number> => {
  const { out, seed } = options;
  claim(out);
  say(`seed ${seed}: the same seed draws the same takeovers, which --plan prints`);
  const run = await runTakeovers(options, say);
  const verdicts = check(run.evidence);
  const text = textOf(options, run, verdicts);
  // First: the files may fail, for example on a disk that is full by now.
  process.stdout.write(`\n${text}`);
  writeFileSync(join(out, 'report.txt'), text);
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(reportOf(options, run, verdicts), null, 2)}\n`);
  process.stdout.write(`report.txt and report.json are in ${out}\n`);
  return verdicts.every(({ brokenCount }) => brokenCount === 0) ? 0 : 1;
};

const run = async (): Promise<number> => {
  const command = readCommandLine(process.argv.slice(2));
  if (command.type === 'help') process.stdout.write(USAGE);
  else if (command.type === 'run') return runAll(command.options);
  else process.stdout.write(`seed ${command.options.seed}\n${planText(planTakeovers(command.options))}\n`);
  return 0;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exit(await run());
} catch (error) {
  const isOurs = error instanceof UsageError || error instanceof RunError;
  process.stderr.write(`takeovers: ${isOurs ? error.message : (error as Error).stack}\n`);
  process.exit(2);
}
