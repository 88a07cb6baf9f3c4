import { boundsOf, leaderlessRows } from '../checker/leaderless.promise.ts';
import type { Verdict } from '../checker/run.evidence.ts';
import type { TakeoverOptions } from '../command.line.ts';
import { planTakeovers } from '../plan/takeover.plan.ts';
import type { TakeoverRun } from '../run/takeover.run.ts';
import { commandOf, unforcedTerms } from './report.text.ts';

/** What report.json holds. Times are milliseconds. */
export const reportOf = (options: TakeoverOptions, run: TakeoverRun, verdicts: readonly Verdict[]) => ({
  command: commandOf(options),
  seed: options.seed,
  schedule: planTakeovers(options).map(({ kind, ...planned }) => ({ kind: kind.name, ...planned })),
  seconds: run.seconds,
  messages: run.messages,
  unforcedTerms: unforcedTerms(run),
  leaderless: { bounds: boundsOf(run.evidence.ttlMs), rows: leaderlessRows(run.evidence) },
  takeovers: run.evidence.takeovers,
  verdicts,
});
