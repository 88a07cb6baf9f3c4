import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../demonstrations/demonstration.ts';
import type { FailoverRun } from '../failover.result.ts';
import { countOf } from '../verdict/finding.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { timelinePlotOf } from './timeline.plot.ts';
import { timelineOf, type Bucket } from './timeline.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const bucketsOf = ({ sends, storedAt, moments: { killedAt } }: FailoverRun): Bucket[] =>
  timelineOf({ sends, storedAt, killedAt });

/** Two lines under the title. */
const subtitleOf = ({ all, findings, gaps, ownGaps }: Verdict): string => {
  const losses = (['lost', 'doubled', 'out of order'] as const).map((kind) => `${countOf(findings, kind)} ${kind}`);
  const own = (name: 'accepted' | 'stored') => (ownGaps ? ` (its partitions ${seconds(ownGaps[name].ms)})` : '');
  return (
    `${all.sent.toLocaleString('en')} sent, ${losses.join(', ')}\n` +
    `longest time without an accepted send ${seconds(gaps.accepted.ms)}${own('accepted')}, ` +
    `a stored message ${seconds(gaps.stored.ms)}${own('stored')}`
  );
};

/** The picture of a run. */
export const pictureOf = (run: FailoverRun): string =>
  timelinePlotOf({
    title: `kill -9 of ${run.target}, ${run.demonstration.what}`,
    subtitle: subtitleOf(run.verdict),
    moments: run.moments,
    buckets: bucketsOf(run),
  });

/** Removes what an earlier run of this kind has written: a run that shows nothing must not seem to have results. */
export const removeResults = (out: string, kind: Kind): void => {
  for (const type of ['svg', 'json']) rmSync(join(out, `${kind}.${type}`), { force: true });
};

/** Writes the picture and the figures of a run. @returns the two files */
export const writeResults = (out: string, run: FailoverRun): string[] => {
  const { demonstration, target, moments, verdict, windows } = run;
  const { kind } = demonstration;
  const figures = { kind, target, moments, verdict, windows, bucketsOf100Ms: bucketsOf(run) };
  mkdirSync(out, { recursive: true });
  const files = { [`${kind}.svg`]: pictureOf(run), [`${kind}.json`]: `${JSON.stringify(figures, null, 2)}\n` };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
  return Object.keys(files).map((name) => join(out, name));
};
