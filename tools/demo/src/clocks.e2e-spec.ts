import { PassThrough } from 'node:stream';
import { hasFaketime } from '@wiber/harness';
import { runClocks } from './clocks/clocks.run.ts';
import { NO_FAKETIME, type ClocksStage } from './clocks/clocks.system.ts';
import { runReplies } from './clocks/replies.run.ts';
import { clocksLines, clocksVerdictLine } from './clocks/report/clocks.text.ts';
import { clocksPicture } from './clocks/report/clocks.writer.ts';
import { orderTable } from './clocks/report/order.table.ts';
import { tagsOf } from './clocks/spec-support/xml.tags.ts';
import { Story } from './report/story.ts';
import { RunClock } from './run.clock.ts';

const stageOf = (): { stage: ClocksStage; told: () => string } => {
  const out = new PassThrough({ encoding: 'utf8' });
  const clock = new RunClock();
  const stage = { clock, story: new Story(out, () => clock.now), signal: new AbortController().signal };
  return { stage, told: () => String(out.read()) };
};

const HOUR_S = 3600;

/** Without libfaketime there is nothing to show, and the command says so. */
const refusedWithout = async (run: () => Promise<unknown>): Promise<boolean> => {
  if (hasFaketime()) return false;
  await expect(run()).rejects.toThrow(NO_FAKETIME);
  return true;
};

test('with gateways an hour apart, timestamps show answers before their questions; Lamport times and the log show none so', async () => {
  const { stage, told } = stageOf();
  const plan = { skewS: HOUR_S, seed: 3, messages: 8 };
  if (await refusedWithout(() => runClocks(plan, stage))) return;
  const run = await runClocks(plan, stage);

  expect(run.verdict.findings).toEqual([]);
  expect(run.verdict.held).toBe(true);
  const [timestamp, lamport, log] = run.verdict.orders;
  expect(timestamp!.inversions.length).toBeGreaterThan(0);
  expect(timestamp!.invertedAnswers).toBeGreaterThan(0);
  for (const order of [lamport, log])
    expect(order).toMatchObject({ inversions: [], invertedAnswers: 0, ties: 0, pairs: run.verdict.causal });
  // Each pair of the eight messages is either; the two that cross are concurrent.
  expect(run.verdict.causal + run.verdict.concurrent).toBe(28);
  expect(run.verdict.concurrent).toBeGreaterThan(0);
  expect(run.offsets.get('gateway-1')).toBeGreaterThan(HOUR_S / 2 - 5);
  expect(run.offsets.get('gateway-2')).toBeLessThan(-HOUR_S / 2 + 5);

  expect(told()).toMatch(/2 bob, having read 1: .+ \[timestamp \d\d:\d\d:\d\d\.\d{3}, lamport \d+, offset \d+\]/);
  expect(orderTable(run)).toHaveLength(10);
  expect(clocksLines(run)[2]).toContain('timestamp: WRONG');
  expect(clocksVerdictLine(run.verdict)).toContain('HELD');
  expect(tagsOf(clocksPicture(run)).filter((tag) => tag.includes('url(#inverted)')).length).toBeGreaterThan(0);
}, 180_000);

test('of many replies after a read none is before what it answers by Lamport time and in the log; by timestamp each one by the gateway that is behind is', async () => {
  const { stage } = stageOf();
  const plan = { skewS: HOUR_S, replies: 210 };
  if (await refusedWithout(() => runReplies(plan, stage))) return;
  const result = await runReplies(plan, stage);
  expect(result).toMatchObject({ replies: 210, conversations: 2, findings: [], held: true });
  const [timestamp, lamport, log] = result.orders;
  for (const order of [lamport, log]) expect(order).toMatchObject({ answers: 210, inversions: 0, ties: 0 });
  // Two conversations of 105: in each, the first, third … and last reply is sent by the gateway that is behind.
  expect(timestamp).toMatchObject({ answers: 210, invertedAnswers: 106 });
}, 180_000);
