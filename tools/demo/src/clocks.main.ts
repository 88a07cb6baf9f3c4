import { CLOCKS_USAGE, readClocksCommandLine } from './clocks/clocks.command.line.ts';
import type { ClocksPlan } from './clocks/clocks.plan.ts';
import { runClocks } from './clocks/clocks.run.ts';
import { runReplies, type RepliesPlan } from './clocks/replies.run.ts';
import { clocksPicture, clocksResult, jsonOf, removeFiles, writeFiles } from './clocks/report/clocks.writer.ts';
import { clocksLines, clocksVerdictLine } from './clocks/report/clocks.text.ts';
import { orderTable } from './clocks/report/order.table.ts';
import { repliesLines } from './clocks/report/replies.text.ts';
import { endingOf, exitCodeOf } from './exit.code.ts';
import { claimResults, runProgram } from './program.ts';
import { Story } from './report/story.ts';
import { RunClock } from './run.clock.ts';
import { stopSignal } from './stop.signal.ts';

const TALK_FILES = ['clocks.svg', 'clocks.json'];
const REPLIES_FILES = ['replies.json'];

const signal = stopSignal();
const clock = new RunClock();
const story = new Story(process.stdout, () => clock.now);
const stage = { clock, story, signal };

interface Verdict {
  held: boolean;
  findings: readonly string[];
}

/** Prints the verdict and then writes the files: a disk that is full by now changes nothing about the verdict. */
const finish = (
  verdict: Verdict,
  lines: readonly string[],
  [out, files]: [string, () => Record<string, string>],
): number => {
  for (const line of lines) story.title(`  ${line}`);
  story.title(`  ${clocksVerdictLine(verdict)}`, verdict.held ? 'good' : 'bad');
  try {
    story.title(`  ${writeFiles(out, files()).join(' and ')}`);
  } catch (error) {
    process.stderr.write(`demo:clocks: ${out} can't be written: ${(error as Error).message}\n`);
  }
  return exitCodeOf([endingOf(verdict)]);
};

const showTalk = async (plan: ClocksPlan, out: string): Promise<number> => {
  const { skewS, seed } = plan;
  story.title(
    `demo:clocks: two gateways whose clocks differ by ${skewS.toLocaleString('en')} s; seed ${seed}. Times: since the start`,
  );
  const run = await runClocks(plan, stage);
  for (const line of orderTable(run)) story.title(line);
  const files = () => ({ 'clocks.svg': clocksPicture(run), 'clocks.json': jsonOf(clocksResult(run)) });
  return finish(run.verdict, clocksLines(run), [out, files]);
};

const showReplies = async (plan: RepliesPlan, out: string): Promise<number> => {
  const { skewS, replies } = plan;
  story.title(
    `demo:clocks: ${replies.toLocaleString('en')} replies after a read, by two gateways whose clocks differ by ${skewS.toLocaleString('en')} s`,
  );
  const result = await runReplies(plan, stage);
  return finish(result, repliesLines(result), [out, () => ({ 'replies.json': jsonOf(result) })]);
};

await runProgram('demo:clocks', signal, async () => {
  const command = readClocksCommandLine(process.argv.slice(2));
  if (command.type === 'help') {
    process.stdout.write(CLOCKS_USAGE);
    return 0;
  }
  const { out } = command;
  claimResults(out);
  removeFiles(out, command.type === 'talk' ? TALK_FILES : REPLIES_FILES);
  return command.type === 'talk' ? showTalk(command.plan, out) : showReplies(command.plan, out);
});
