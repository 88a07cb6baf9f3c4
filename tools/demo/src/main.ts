import { USAGE, readCommandLine } from './command.line.ts';
import { DemoError, UsageError } from './demo.errors.ts';
import type { Kind } from './demonstrations/demonstration.ts';
import { DEMONSTRATIONS } from './demonstrations/demonstrations.ts';
import { endingOf, exitCodeOf, type Ending } from './exit.code.ts';
import { FAILOVER_PLAN } from './failover.plan.ts';
import type { FailoverRun } from './failover.result.ts';
import { runFailover } from './failover.run.ts';
import { claimResults, runProgram } from './program.ts';
import { removeResults, writeResults } from './report/results.writer.ts';
import { Story } from './report/story.ts';
import { verdictLine, verdictLines } from './report/verdict.text.ts';
import { RunClock } from './run.clock.ts';
import { stopSignal } from './stop.signal.ts';

const signal = stopSignal();

const show = async (kind: Kind, out: string): Promise<Ending> => {
  const demonstration = DEMONSTRATIONS[kind];
  const clock = new RunClock();
  const story = new Story(process.stdout, () => clock.now);
  story.title(`demo:failover ${kind}: ${demonstration.what} is killed. Times: since the start, and since the kill`);
  removeResults(out, kind);
  let run: FailoverRun;
  try {
    run = await runFailover(demonstration, { clock, story, signal, plan: FAILOVER_PLAN });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError) throw error;
    const text = error instanceof DemoError ? error.message : ((error as Error).stack ?? String(error));
    process.stderr.write(`demo:failover: ${kind}: ${text}\n`);
    return 'not shown';
  }
  const tone = run.verdict.held ? 'good' : 'bad';
  for (const line of verdictLines(run)) story.title(`  ${line}`);
  story.title(`  ${verdictLine(run)}`, tone);
  try {
    story.title(`  ${writeResults(out, run).join(' and ')}`);
  } catch (error) {
    // The verdict is out: a disk that is full by now changes nothing about it.
    process.stderr.write(`demo:failover: ${out} can't be written: ${(error as Error).message}\n`);
  }
  return endingOf(run.verdict);
};

const run = async (): Promise<number> => {
  const command = readCommandLine(process.argv.slice(2));
  if (command.type === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  claimResults(command.out);
  const endings: Ending[] = [];
  for (const kind of command.kinds) endings.push(await show(kind, command.out));
  if (endings.length > 1)
    process.stdout.write(`${command.kinds.map((kind, index) => `${kind}: ${endings[index]}`).join('; ')}\n`);
  return exitCodeOf(endings);
};

await runProgram('demo:failover', signal, run);
